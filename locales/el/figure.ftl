picture = Εικόνα
save = Αποθήκευση ως { $kind }: { $chart }
bars = Το p κάθε συμβόλου: B, I και O
loss = Η απώλεια L και οι όροι της
terms = όρος κάθε συμβόλου, σε nats
simplex-name = p και t στο τρίγωνο των B, I και O
simplex = p και t του συμβόλου { $number }, «{ $text }»
attention = Προσοχή, επίπεδο { $layer }, { $head }
attention-rows = Μια γραμμή δείχνει τι παίρνει το σύμβολό της από το σύμβολο κάθε στήλης· κάθε γραμμή αθροίζει σε 1.
steps = βήματα
heat-map = Πού διαφωνούν { $count } επισημειωτές
entropy = H(t) κάθε συμβόλου, σε nats
source = Bioscope, { $model }{ $steps ->
        [0] { "" }
        [one] { " " }μετά από { $steps } βήμα μάθησης
       *[other] { " " }μετά από { $steps } βήματα μάθησης
    }, { $date }
