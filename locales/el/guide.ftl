begin = Λύσε την βήμα προς βήμα
promise = Έντεκα ερωτήσεις για μια πρόταση πέντε συμβόλων, με h σε 128 διαστάσεις όπως στην άσκηση. Το δικό σου κείμενο γυρίζει με την Αναίρεση στις «Ετικέτες», ή με Ctrl + Z.
heading = Βήμα προς βήμα
annotators =
    .item1 = Άννα
    .item2 = Βασίλης
    .item3 = Χλόη
place = { $at } από { $of } · απαντημένες: { $done }
waiting = Μια στιγμή: το μοντέλο διαβάζει την πρόταση. (Αν άλλαξες το κείμενο, ξεκίνα ξανά.)
answer = Η απάντησή σου, ένας αριθμός
check = Έλεγχος
hint = Μια βοήθεια
hint-first = Μετά από μια βοήθεια
reveal = Δείξε μου
back = Πίσω
next = Επόμενο
close = Κλείσε τον οδηγό
right = Ναι.
wrong = Όχι ακριβώς.
again = Δες ξανά, ή πάρε μια βοήθεια.
unreadable = Αυτό δεν είναι αριθμός. Γράψε κάτι σαν 0,81 ή 2/3.
question-parameters = Το <i>h<sub>i</sub></i> του BERT έχει εδώ { $d } αριθμούς. Πόσες παραμέτρους έχει το πυκνό επίπεδο, <i>W</i> και <i>b</i> μαζί;
question-carriers = Ποια σύμβολα έχουν όρο στην απώλεια <i>L</i>;
question-softmax = Το σύμβολο { $n } έχει <i>z</i> = ({ $b }, { $i }, { $o }) για B, I, O. Υπολόγισε το <i>p</i><sub>{ $n },B</sub> με δύο δεκαδικά. (Αρκεί ένα κομπιουτεράκι.)
question-gold = Η Άννα και ο Βασίλης λένε B για το σύμβολο { $n }, η Χλόη λέει O. Πόσο είναι το <i>t</i><sub>{ $n },B</sub>;
question-term = Με <i>p</i><sub>{ $n }</sub> = ({ $b }, { $i }, { $o }): τι προσθέτει το σύμβολο { $n } στην <i>L</i>;
question-floor = Όσο καλό κι αν γίνει το μοντέλο: πόσο τουλάχιστον θα είναι η <i>L</i> με αυτούς τους τρεις επισημειωτές;
question-vanishes = Τώρα ο διακόπτης του (γ): κάθε <i>t<sub>i</sub></i> είναι 1-hot. Πότε μηδενίζεται ένα γινόμενο <i>t<sub>ij</sub></i> log <i>p<sub>ij</sub></i>;
question-left = Πόσα από τα τρία γινόμενα ενός συμβόλου μένουν τότε;
question-one-hot = Έστω ότι το είχε σημειώσει και η Χλόη: <i>t</i><sub>{ $n }</sub> = (1, 0, 0), άρα <i>r</i>({ $n }) = B. Με <i>p</i><sub>{ $n }</sub> = ({ $b }, { $i }, { $o }): τι θα πρόσθετε το σύμβολο { $n } στην <i>L</i>;
question-direction = Πίσω στους τρεις επισημειωτές: <i>p</i><sub>{ $n },B</sub> = { $b } και <i>t</i><sub>{ $n },B</sub> = 2/3. Τι κάνει ένα βήμα εκπαίδευσης στο <i>z</i><sub>{ $n },B</sub>;
question-trained = «Από κοινού»: τι αλλάζει αυτό το βήμα;
choices-carriers =
    .item1 = Όλα τα σύμβολα
    .item2 = Της παραγράφου
    .item3 = Της ερώτησης
    .item4 = Μόνο το [CLS]
choices-vanishes =
    .item1 = t = 0
    .item2 = p = 0
    .item3 = p μικρό
    .item4 = z = 0
choices-direction =
    .item1 = Ανεβαίνει
    .item2 = Κατεβαίνει
choices-trained =
    .item1 = W και b
    .item2 = το BERT
    .item3 = W, b και το BERT
    .item4 = t
hint-parameters = Το W είναι 3 × d: μία γραμμή για κάθε B, I, O. Και το b έχει έναν αριθμό για το καθένα.
hint-carriers = Δες στην εικόνα ποιες στήλες συνεχίζουν κάτω από το <i>h</i>.
hint-softmax = p<sub>B</sub> = e<sup>z<sub>B</sub></sup> / (e<sup>z<sub>B</sub></sup> + e<sup>z<sub>I</sub></sup> + e<sup>z<sub>O</sub></sup>).
hint-gold = Η ετικέτα κάθε επισημειωτή είναι ένα 1-hot διάνυσμα· t είναι ο μέσος όρος τους.
hint-term = −(t<sub>B</sub> log p<sub>B</sub> + t<sub>O</sub> log p<sub>O</sub>)· το I δεν προσθέτει τίποτε, γιατί t<sub>I</sub> = 0. log είναι ο φυσικός λογάριθμος.
hint-floor = L = H(t) + KL(t ‖ p), και KL = 0 όταν p = t.
hint-vanishes = Ποιος παράγοντας του t log p μπορεί να γίνει ακριβώς 0; Η softmax δεν δίνει ποτέ p = 0.
hint-left = Δύο από τα τρία t είναι 0.
hint-one-hot = Από τα τρία γινόμενα μένει ένα: −1 · log p<sub>B</sub>.
hint-direction = ∂L/∂z<sub>B</sub> = p<sub>B</sub> − t<sub>B</sub>, και το βήμα πάει αντίθετα στην κλίση.
hint-trained = Η κλίση συνεχίζει μέσα από το h<sub>i</sub>.
why-parameters = 3 × { $d } + 3 = { $right }.
why-carriers = Μόνο τα σύμβολα της παραγράφου έχουν ετικέτα· η ερώτηση, το [CLS] και το [SEP] διαβάζονται, αλλά δεν σημειώνονται.
why-softmax = Είναι { $right }.
why-gold = Δύο από τα τρία 1-hot διανύσματα έχουν το 1 στο B: { $right }.
why-term = Είναι { $right } nats.
why-floor = H(t) = { $right } nats: μόνο αυτό το σύμβολο είναι αμφίβολο, και η KL μπορεί να πέσει στο 0.
why-vanishes = t = 0: τότε 0 · log p = 0, όποιο κι αν είναι το p > 0.
why-left = Ένα: της κλάσης r(i), με παράγοντα 1. Άρα L = − Σ log p<sub>i,r(i)</sub>, μαζί με το μείον.
why-one-hot = −log p<sub>B</sub> = { $right } nats.
why-direction = p − t = { $difference } είναι { $down ->
        [true] θετικό, άρα το logit κατεβαίνει
       *[false] αρνητικό, άρα το logit ανεβαίνει
    }.
why-trained = Όλα: τα W και b με (p − t) hᵀ και p − t, και το BERT με Wᵀ (p − t), επίπεδο προς επίπεδο.
mistake-sign = Το μείον: ο log p είναι αρνητικός, η <i>L</i> ποτέ.
mistake-log10 = Αυτός είναι ο λογάριθμος με βάση 10. Εδώ log είναι ο φυσικός, ln: πολλαπλασίασε με 2.303.
mistake-log2 = Αυτός είναι ο λογάριθμος με βάση 2, δηλαδή bits. Εδώ log είναι ο ln, και η μονάδα nats: πολλαπλασίασε με 0.693.
mistake-no-log = Αυτό είναι το p χωρίς τον λογάριθμό του.
mistake-no-bias = Αυτό είναι μόνο το W. Και το b;
mistake-one-class = Αυτό είναι μία κλάση. Το W έχει μια γραμμή για καθένα από τα B, I και O.
mistake-forgot-o-softmax = Το άθροισμα στον παρονομαστή είναι για B, I και O· λείπει το O.
mistake-forgot-o = Αυτό είναι το μέρος του B. Ένας από τους επισημειωτές λέει O: και το t<sub>O</sub> = 1/3 έχει μέρος.
mistake-no-exponential = Αυτό είναι το z<sub>B</sub> διά το άθροισμα των z. Η softmax παίρνει πρώτα το e<sup>z</sup>.
mistake-not-normalised = Αυτό είναι το e<sup>z<sub>B</sub></sup>. Διαίρεσέ το με το άθροισμα και των τριών, ώστε τα p να αθροίζουν σε 1.
mistake-other-class-softmax = Αυτή είναι η τιμή του { $label }· ζητείται του B.
mistake-other-class = Αυτό είναι το −log p<sub>{ $label }</sub>, σαν να είχε το t το 1 στο { $label }.
mistake-other-token-one-hot = Αυτός είναι ο όρος του συμβόλου { $token }, η 1-hot ετικέτα άλλου συμβόλου.
mistake-other-token = Αυτό ανήκει στο σύμβολο { $token }.
mistake-count = Τόσοι λένε B. Το t είναι μερίδιο: πόσοι από πόσους;
mistake-majority-gold = Αυτό θα έδινε μια ψηφοφορία. Το t κρατά και ό,τι λέει η τρίτη.
mistake-majority = Αυτό είναι το −log p<sub>B</sub>, σαν να έλεγαν όλοι B. Είναι t<sub>B</sub> = 2/3, και μετρά και το t<sub>O</sub> = 1/3.
mistake-not-one-hot-left = Και τα τρία μένουν όσο κανένα t δεν είναι 0. Όταν το t είναι 1-hot, δύο είναι.
mistake-not-one-hot = Αυτό είναι ως προς t = (2/3, 0, 1/3). Τώρα συμφωνούν και οι τρεις.
mistake-no-weight = Κάθε −log p έχει βάρος το μερίδιό του t: 2/3 του ενός, 1/3 του άλλου.
mistake-swapped = Τα p και t άλλαξαν θέση: λογάριθμο παίρνουμε του p, βάρος είναι το t.
mistake-with-p = Αυτός είναι ο όρος όπως είναι τώρα, με log p. Το ελάχιστο είναι στο p = t: πάρε log t.
mistake-no-floor = Έτσι θα ήταν αν συμφωνούσαν όλοι. Κανένα p δεν συμφωνεί και με το B και με το O.
mistake-vanished = Τόσα μηδενίζονται. Πόσα από τα τρία μένουν;
wrong-carriers-0 = Διαβάζονται και τα σύμβολα της ερώτησης, το [CLS] και το [SEP], αλλά κανείς δεν τους βάζει ετικέτα.
wrong-carriers-2 = Η απάντηση βρίσκεται στην παράγραφο, γι’ αυτό εκείνη σημειώνεται.
wrong-carriers-3 = Το [CLS] έχει h, αλλά όχι ετικέτα: τα B, I και O είναι των λέξεων της παραγράφου.
wrong-vanishes-1 = Η softmax δεν δίνει ποτέ p = 0, και ο log 0 δεν θα ήταν πεπερασμένος.
wrong-vanishes-2 = Ένα μικρό p κάνει το −log p μεγάλο.
wrong-vanishes-3 = Το z είναι απλώς ένα logit: το p στο z = 0 είναι ανάμεσα στο 0 και το 1, όπως παντού.
wrong-direction = Πρόσεξε το πρόσημο: η κλίση είναι p − t, και το βήμα πάει αντίθετα, άρα το p πλησιάζει το t.
wrong-trained-0 = Και αυτά, αλλά η κλίση δεν σταματά στο h.
wrong-trained-1 = Και αυτό, αλλά πρώτα έρχονται τα W και b.
wrong-trained-3 = Το t το δίνουν οι επισημειωτές· η εκπαίδευση δεν το αγγίζει.
