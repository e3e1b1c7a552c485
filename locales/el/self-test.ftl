heading = Αυτοέλεγχος
intro = Υπολογίζει η μηχανή σε αυτόν τον περιηγητή ό,τι πρέπει; Πυρήνες, τεμαχισμός, logits και κλίσεις συγκρίνονται με τιμές αναφοράς (Hugging Face, PyTorch), και η μηχανή των 8 bit με τα ίδια βάρη σε f32 πάνω στο κείμενό σου. Το κάνουν δικοί του workers, ο ένας μετά τον άλλον· το κείμενό σου και το φορτωμένο μοντέλο μένουν όπως είναι. Χρειάζεται μερικά δευτερόλεπτα, και μνήμη όση η μάθηση.
run = Κάνε τον αυτοέλεγχο
stop = Σταμάτα
progress = { $done } από { $of } …
verdict = πέρασαν: { $passed }{ $failed ->
        [0] { "" }
       *[other] , απέτυχαν: { $failed }
    }{ $skipped ->
        [0] { "" }
       *[other] , δεν έγιναν: { $skipped }
    }
test-kernel = Πυρήνες
test-model = Μοντέλο
test-tokenizer = Τεμαχισμός
test-logits = Logits, μηχανή των 8 bit
test-exact = Logits, f32
test-gradients = Κλίσεις
test-difference = 8 bit και f32
test-timings = Χρόνοι και μνήμη
state-waiting = περιμένει
state-running = τρέχει
state-passed = πέρασε
state-failed = απέτυχε
state-skipped = δεν έγινε
found-kernel = { $name }, { $reason }: { $comparisons } συγκρίσεις, όλες ίσες με τον απλό πυρήνα
reason-able = επειδή ο περιηγητής έχει relaxed SIMD
reason-unable = επειδή ο περιηγητής δεν έχει relaxed SIMD
reason-asked = επειδή το ζητά η διεύθυνση
found-model = { $title }, { $size } MB{ $published ->
        [true] , SHA-256 όπως δημοσιεύτηκε
       *[false] { "" }
    }
found-tokens = { $wrong ->
        [0] { $texts } κείμενα, { $count } αριθμοί και θέσεις, όλα ίσα
       *[other] { $texts } κείμενα, διαφέρουν { $wrong } από { $count } αριθμούς και θέσεις{ $first }
    }
found-logits = μέγιστη διαφορά σε { $count }: { $worst } (όριο { $limit })
found-gradients = σχετικές διαφορές: L { $loss }, ∂L/∂W { $w }, ∂L/∂b { $b }, νόρμες { $tensors } τανυστών { $norms }, κλίση × είσοδος { $shares } (όριο { $limit })
found-difference = { $example ->
        [true] το πρώτο παράδειγμα
       *[false] το κείμενό σου
    }, { $tokens } κομμάτια: μέγιστο |p_int8 − p_f32| { $largest }, μέσο { $mean }· μέγιστη KL { $kl }, μέση { $mean_kl } nats (όριο { $limit })· ετικέτες που διαφέρουν: { $labels }
found-timings = έναρξη { $start } ms, φόρτωση { $load } ms· διάμεσος από { $runs }: τεμαχισμός { $tokenize } ms, υπολογισμός { $forward } ms, αποκωδικοποίηση { $decode } ms{ $step }. Μνήμη WebAssembly: μηχανή { $engine } MB{ $learner }, σελίδα { $page } MB
timing-step = · ένα βήμα μάθησης { $ms } ms
memory-learner = , μάθηση { $size } MB
why-own = τιμές αναφοράς υπάρχουν μόνο για τα μοντέλα της σελίδας
why-no-reference = οι τιμές αναφοράς δεν μπόρεσαν να έρθουν ({ $why })
why-broken = οι τιμές αναφοράς είναι κατεστραμμένες ({ $why })
why-no-model = δεν υπάρχει μοντέλο να ρωτηθεί
why-stopped = σταμάτησε
differences = 8 bit και f32, κομμάτι προς κομμάτι
columns =
    .item1 = κομμάτι
    .item2 = |p<sub>int8</sub> − p<sub>f32</sub>|
    .item3 = KL
    .item4 = ετικέτα
report = Αναφορά
report-note = Για ένα μήνυμα σε όποιον φροντίζει τη σελίδα, στα αγγλικά. Από το κείμενό σου δεν περιέχει τίποτε.
copy = Αντιγραφή
copied = Αντιγράφηκε.
by-hand = Το πρόχειρο δεν είναι διαθέσιμο: επίλεξε την αναφορά και αντίγραψέ την.
save = Αποθήκευση σε αρχείο
