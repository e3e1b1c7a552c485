heading = Αρχεία
reading = διαβάζεται …
sentence = { $format }, { $records }{ $annotators ->
        [0] { "" }
        [one] , 1 επισημειωτής
       *[other] , { $annotators } επισημειωτές
    }{ $skipped ->
        [0] { "" }
        [one] , 1 παραλείφθηκε
       *[other] , { $skipped } παραλείφθηκαν
    }
as-labels = ετικέτες του παραπάνω κειμένου
as-model = αρχείο μοντέλου
read-as = Διάβασέ το ως
read-again = Διάβασέ το ξανά
by-content = ό,τι μοιάζει
show = Δείξε
skipped = { $count ->
        [one] 1 εγγραφή παραλείφθηκε
       *[other] { $count } εγγραφές παραλείφθηκαν
    }
windows-1252 = Διάβασέ το ως Windows-1252
windows-1253 = Διάβασέ το ως Windows-1253 (ελληνικά)
utf16 = Μέτρα σε μονάδες UTF-16
question-above = Πάρε την ερώτηση πιο πάνω για όλα
repair = Μετάφερε τις απαντήσεις εκεί όπου υπάρχουν
name-labels = Πάρε τα 0, 1, 2 για B, I, O
gold-column = Η στήλη ετικετών { $number } είναι η χρυσή
formats = Τι κρατά κάθε μορφή
save-as = Αποθήκευση ως
save = Αποθήκευση
saves = Αποθηκεύει το { $name }{ $changed ->
        [0] { "" }
        [one] , με 1 εγγραφή που άλλαξε
       *[other] , με { $changed } εγγραφές που άλλαξαν
    }.
saved = Αποθηκεύτηκε ως { $name }.
earlier = Οι αλλαγές είναι από προηγούμενη επίσκεψη.
saves-without = Το κείμενο της σελίδας δεν ανήκει σε αυτό.
saves-page = Αποθηκεύει το κείμενο της σελίδας.
changed = άλλαξε
unsaved = Οι αλλαγές στο { $name } δεν έχουν αποθηκευτεί. Να χαθούν;
loses = Αυτή η μορφή δεν κρατά { $feature } ({ $records ->
        [one] 1 εγγραφή
       *[other] { $records } εγγραφές
    }).

format-plain = απλό κείμενο
format-squad = αρχείο SQuAD
format-hf-qa = ερωτήσεις και απαντήσεις του Hugging Face
format-lines = γραμμές τύπου QAMR
format-conll = CoNLL (ένα σύμβολο και η ετικέτα του ανά γραμμή)
format-hf-tokens = ταξινόμηση συμβόλων του Hugging Face
format-doccano = εξαγωγή του doccano
format-label-studio = εξαγωγή του Label Studio
format-prodigy = εξαγωγή του Prodigy
format-brat = επισημειώσεις του brat
format-webanno = WebAnno TSV
format-table = πίνακας
format-multispanqa = αρχείο MultiSpanQA

paragraphs = { $count ->
        [one] 1 παράγραφος
       *[other] { $count } παράγραφοι
    }
questions = { $count ->
        [one] 1 ερώτηση
       *[other] { $count } ερωτήσεις
    }
sentences = { $count ->
        [one] 1 πρόταση
       *[other] { $count } προτάσεις
    }
texts = { $count ->
        [one] 1 κείμενο
       *[other] { $count } κείμενα
    }
tasks = { $count ->
        [one] 1 εργασία
       *[other] { $count } εργασίες
    }
documents = { $count ->
        [one] 1 έγγραφο
       *[other] { $count } έγγραφα
    }

feature-question = ερωτήσεις
feature-annotators = όλους τους επισημειωτές εκτός από τον πρώτο
feature-names = ονόματα επισημειωτών
feature-weights = βάρη επισημειωτών
feature-several-spans = όλα τα διαστήματα ενός επισημειωτή εκτός από το πρώτο
feature-mixed-no-answer = το «καμία απάντηση» ενός επισημειωτή με όνομα ή δίπλα σε άλλους
feature-unlabelled = ότι κανείς δεν έχει επισημειώσει ένα κείμενο (διαβάζεται ως «καμία απάντηση»)
feature-edge-blanks = κενά στις άκρες ενός διαστήματος
feature-scores = τις βαθμολογίες του μοντέλου
feature-soft = t_i που ορίστηκαν απευθείας
feature-stray = ετικέτες I χωρίς B πριν από αυτές
feature-confidence = βαθμούς βεβαιότητας
feature-notes = σημειώσεις
feature-titles = τίτλους άρθρων

read-as-format = { $reason }· διαβάστηκε ως { $format }
place-line = γραμμή { $line }
place-record = εγγραφή { $number }
place-question = ερώτηση { $id }

empty = είναι κενό (γραμμή 1, στήλη 1)
no-record = δεν έχει ούτε ερώτηση ούτε κείμενο
not-utf8 = δεν είναι UTF-8· να διαβαστεί ως Windows-1252; Ίσως έχει άλλη κωδικοποίηση (για ελληνικά, Windows-1253)· σίγουρη λύση είναι να αποθηκευτεί ως UTF-8
compressed = είναι συμπιεσμένο: αποσυμπίεσέ το πρώτα
parquet = είναι αρχείο Parquet: στη γραμμή εντολών το bioscope convert το κάνει γραμμές JSON
spreadsheet = είναι λογιστικό φύλλο: αποθήκευσέ το πρώτα ως CSV
unknown = δεν έχει καμία από τις γνωστές μορφές
fault = τεχνική λεπτομέρεια, στα αγγλικά: “{ $why }”
json = δεν είναι έγκυρο JSON, στη γραμμή { $line } και στη στήλη { $column } (στα αγγλικά: “{ $why }”)
missing = λείπει το πεδίο «{ $field }»
unexpected = το «{ $field }» είναι { $found }, ενώ έπρεπε να είναι: { $expected }
past-end = το διάστημα { $start }..{ $end } τελειώνει μετά τους { $length } χαρακτήρες της παραγράφου
negative = το διάστημα { $start }..{ $end } αρχίζει πριν από την παράγραφο (η αρχή είναι τουλάχιστον 0)
empty-span = το διάστημα { $start }..{ $end } είναι κενό
cuts-character = το διάστημα { $start }..{ $end } κόβει έναν χαρακτήρα στα δύο, στο { $at }
not-there = η παράγραφος δεν λέει «{ $text }» στο { $start }
not-there-once = η παράγραφος δεν λέει «{ $text }» στο { $start }· υπάρχει μία φορά, στο { $at }
not-found = η παράγραφος δεν περιέχει «{ $text }»
overlap = τα διαστήματα { $a } έως { $b } και { $c } έως { $d } επικαλύπτονται
count = ετικέτες: { $labels }, σύμβολα: { $tokens }
label = το «{ $label }» δεν είναι ετικέτα: αναμένεται B, I ή O, με ή χωρίς είδος, ή L και U του BILOU
token = το κείμενο δεν συνεχίζει με «{ $token }»
ask-labels = τα «ner_tags» είναι αριθμοί ({ $found }): ποιοι από αυτούς είναι B, I και O;
ask-columns = έχει { $count } στήλες ετικετών, ίσως χρυσές και προβλέψεις: ποια είναι ποια;
partner = χρειάζεται δίπλα του το κείμενο στο οποίο αναφέρεται: { $name }
column = δεν έχει στήλη με όνομα { $names }· οι στήλες του είναι { $found }
cells = κελιά της σειράς: { $cells }, στήλες του πίνακα: { $columns }
open-quote = σε αυτή τη σειρά ανοίγουν εισαγωγικά που δεν κλείνουν πουθενά: όλα όσα ακολουθούν θα ήταν ένα κελί
soft = οι τιμές { $b }, { $i }, { $o } του «soft» δεν είναι κατανομή: καθεμία πρέπει να είναι τουλάχιστον 0 και το άθροισμά τους 1
no-text = το κείμενό της είναι κενό
no-annotator = δεν έχει επισημειωτή
no-question = δεν έχει ερώτηση: δώσε μία για όλα
weights = τα βάρη πρέπει να είναι πεπερασμένα, τουλάχιστον 0 και όχι όλα 0

no-questions = δεν έχει ερωτήσεις: γράψε μία στο πεδίο της
null-answers = «answers» ίσο με null, λογίζεται «καμία απάντηση», σε τόσες εγγραφές: { $count }
cancelled = { $count ->
        [one] 1 επισημείωση ακυρώθηκε ή απορρίφθηκε και έμεινε έξω
       *[other] { $count } επισημειώσεις ακυρώθηκαν ή απορρίφθηκαν και έμειναν έξω
    }
tokens-joined = μόνο σύμβολα, ενωμένα με κενά, σε τόσες εγγραφές: { $count }
no-ids = { $count ->
        [one] 1 εγγραφή δεν έχει id: αριθμήθηκε
       *[other] { $count } εγγραφές δεν έχουν id: αριθμήθηκαν
    }
duplicate-ids = το id { $id } υπάρχει δύο φορές ({ $first }, { $again })· πιασμένα id: { $count }
repaired = { $count ->
        [one] 1 απάντηση μεταφέρθηκε στο μόνο σημείο όπου υπάρχει
       *[other] { $count } απαντήσεις μεταφέρθηκαν στο μόνο σημείο όπου υπάρχουν
    }
first-place = { $count ->
        [one] 1 απάντηση υπάρχει πολλές φορές στο κείμενό της, χωρίς θέση: πάρθηκε η πρώτη
       *[other] { $count } απαντήσεις υπάρχουν πολλές φορές στο κείμενό τους, χωρίς θέση: πάρθηκε η πρώτη
    }
perhaps-utf16 = κομμένες λέξεις, σε τόσα διαστήματα: { $count }· το «{ $now }» θα ήταν «{ $utf16 }» σε μονάδες UTF-16
is-utf16 = θέσεις σε μονάδες UTF-16, όπως δείχνει το κείμενο, τόσων διαστημάτων: { $count }
scheme = οι ετικέτες του είναι { $name }
kinds = ετικέτες πολλών ειδών λογίζονται όλες ως απαντήσεις: { $names }
encoding = διαβάστηκε ως { $name }
passed-over = αρχεία που δεν ανήκουν στα δεδομένα παραλείφθηκαν: { $names }
soft-unused = t_i που ορίστηκαν απευθείας σε { $count } εγγραφές δεν χρησιμοποιούνται εδώ
