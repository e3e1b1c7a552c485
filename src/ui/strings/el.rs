//! Greek.

use super::Strings;
use crate::bio::{Decoder, Label};
use crate::fault::Fault;

/// The Greek table.
pub static EL: Strings = Strings {
    language: "el",
    choose_language: "Γλώσσα",
    tagline: "Δες μέσα σε ένα μοντέλο που διαβάζει",
    ask: "Ερώτηση προς το μοντέλο",
    question: "Ερώτηση",
    question_hint: "Ρώτησε κάτι που απαντά η παράγραφος (στα αγγλικά)",
    paragraph: "Παράγραφος",
    paragraph_hint: "Γράψε ή επικόλλησε μια αγγλική παράγραφο",
    example: "Παράδειγμα",
    own_text: "Δικό σου κείμενο",
    analyse: "Ανάλυση",
    analysing: "Διαβάζει…",
    queued: "Περιμένει το μοντέλο…",
    analyse_keys: "Enter στην ερώτηση, ή Ctrl + Enter οπουδήποτε",
    model: "Μοντέλο",
    own_model: "Δικά σου αρχεία…",
    own_model_hint: "Διάλεξε μαζί τρία αρχεία: τα βάρη (.safetensors ή .gguf), το config.json και το tokenizer.json· ή ένα αρχείο .zip με αυτά",
    own_title: "Το δικό σου μοντέλο",
    model_entry: |title, size, f1| format!("{title} · {size} MB · F1 {f1}"),
    quicker: |size| format!("Ξεκίνα με το μικρό ({size} MB)"),
    model_quality: |title, em, f1| {
        format!(
            "Το {title} βρίσκει ακριβώς την απάντηση σε περίπου {:.0} από τις 10 ερωτήσεις για άρθρα που δεν έχει δει, και εν μέρει σωστή \
             {}· μόνο για αγγλικά.",
            em / 10.0,
            partly(em, f1)
        )
    },
    own_quality: |title| format!("Πόσο καλά διαβάζει: {title}, δεν είναι εδώ γνωστό."),
    privacy: "Όλα τρέχουν σε αυτόν τον περιηγητή: ό,τι γράφεις μένει εδώ.",
    starting: "Ξεκινά η μηχανή…",
    loading: |loaded, total, percent| format!("Φορτώνει το μοντέλο: {loaded} από {total} MB · {percent} %"),
    from_cache: "Φορτώνει το μοντέλο που κρατήθηκε από την προηγούμενη φορά…",
    preparing: "Ετοιμάζει το μοντέλο…",
    ready: |kernel| format!("Έτοιμο · {kernel}"),
    kernel_name: |kernel| match kernel {
        "simd128" => "SIMD",
        "relaxed" => "relaxed SIMD",
        other => other,
    },
    reading: "Διαβάζει…",
    failed: "Χωρίς μοντέλο",
    took: |title, ms| format!("Το διάβασε το {title} σε {ms} ms, σε αυτόν τον περιηγητή."),
    other_model: |title, chosen, soon| match soon {
        true => format!("Έτσι το διάβασε το {title}· το {chosen} έρχεται."),
        false => format!("Έτσι το διάβασε το {title}."),
    },
    retry: "Ξανά",
    dismiss: "Κλείσε το μήνυμα",
    text: "Τι βλέπει το μοντέλο",
    view: "Προβολή",
    views: ["Κείμενο", "Ράβδοι", "Πίνακας"],
    units: "Μονάδες",
    unit_names: ["Λέξεις", "Κομμάτια"],
    fold: "Κρύψε τα βέβαια O",
    decoder: "Αποκωδικοποίηση",
    decoder_name: |decoder| match decoder {
        Decoder::Greedy => "Άπληστη",
        Decoder::Viterbi => "Viterbi",
        Decoder::One => "Ένα διάστημα",
    },
    decoder_note: |decoder| match decoder {
        Decoder::Greedy => {
            "Άπληστη: η πιθανότερη ετικέτα κάθε συμβόλου μόνη της. Ένα I χωρίς B πριν από αυτό διορθώνεται σε B."
        }
        Decoder::Viterbi => "Viterbi: η πιθανότερη ακολουθία ετικετών στην οποία κάθε I ακολουθεί ένα B ή ένα I.",
        Decoder::One => "Ένα διάστημα: η πιθανότερη ακολουθία με ακριβώς μία απάντηση.",
    },
    more_words: |count| {
        if count == 1 { "… 1 λέξη ακόμη".into() } else { format!("… {count} λέξεις ακόμη") }
    },
    stored: |title, soon| match soon {
        true => format!("Αποθηκευμένο με τη σελίδα ({title}), σύντομα υπολογίζεται εδώ."),
        false => format!("Αποθηκευμένο με τη σελίδα ({title})."),
    },
    stale: "Άλλαξες το κείμενο: αυτή είναι η ανάλυση του προηγούμενου.",
    live: "διαβάζει ενώ γράφεις",
    unread: "Δεν έχει αναλυθεί ακόμη.",
    unreadable: "Δεν έχει αναλυθεί: δεν υπάρχει μοντέλο.",
    counts: |question, paragraph, windows| {
        let windows = if windows > 1 { format!(", {windows} παράθυρα") } else { String::new() };
        format!("<i>N<sub>Q</sub></i> = {question}, <i>N<sub>P</sub></i> = {paragraph}{windows}")
    },
    window_from: |number, of| format!("Από εδώ και πέρα οι τιμές έρχονται από το παράθυρο {number} από {of}"),
    repaired: "Η πιθανότερη ετικέτα είναι I, αλλά δεν υπάρχει τίποτε πριν για να συνεχίσει: η άπληστη αποκωδικοποίηση την κάνει B.",
    label_name: |label| match label {
        Label::B => "αρχίζει απάντηση",
        Label::I => "μέσα σε απάντηση",
        Label::O => "έξω",
    },
    legend_gold: "χρυσές ετικέτες, μία γραμμή ανά σχολιαστή",
    legend_loss: "απώλεια του συμβόλου",
    text_keys: "Δείξε ή άγγιξε μια λέξη για να δεις μέσα της. Σύρε πάνω από λέξεις για να σημειώσεις χρυσή απάντηση.",
    announce: |index, text, label, p, loss| {
        let loss = loss.map(|l| format!(", απώλεια {l}")).unwrap_or_default();
        format!("σύμβολο {index}, {text}, {} {p}{loss}", label.letter())
    },
    answers: "Απαντήσεις",
    odds_heading: "λόγος προς «καμία απάντηση»",
    no_answer: "Δεν βρέθηκε απάντηση.",
    no_answer_beside: |p| format!("P(καμία απάντηση) {p}"),
    alternatives: "Οι επόμενες",
    best_spans: "Τα καλύτερα διαστήματα, παρ’ όλα αυτά",
    score: |score| format!("βαθμός {score}"),
    score_note: "«1 : 14» σημαίνει: η «καμία απάντηση» είναι 14 φορές πιθανότερη από αυτό το διάστημα μόνο του.",
    token: |index, text| format!("Σύμβολο {index}: «{text}»"),
    no_token: "Κανένα σύμβολο ακόμη",
    hidden_later: "Το h και τα γινόμενα εμφανίζονται μόλις είναι έτοιμο το μοντέλο.",
    natural_log: "Παντού εδώ, log είναι ο φυσικός λογάριθμος.",
    unpin: "Άφησέ το (Esc)",
    strips: "Κάθε κελί είναι ένα γινόμενο <i>W<sub>jk</sub> h<sub>k</sub></i>: το μπλε προσθέτει, το γκρι αφαιρεί. Το άθροισμά τους συν <i>b<sub>j</sub></i> είναι <i>z<sub>j</sub></i>.",
    strip_h: |first, d| format!("({first}, …), {d} τιμές"),
    token_loss: "Απώλεια αυτού του συμβόλου",
    token_loss_later: "Χρειάζεται χρυσές ετικέτες: σημείωσε μια απάντηση στο κείμενο.",
    set_gold: "Ορισμός του t για αυτό το token",
    set_gold_note: "Σύρε το πορτοκαλί σημείο ή γράψε μερίδια όπως 2/3. Το μπλε είναι το <i>p</i>· η γραμμή από αυτό ως το <i>t</i> είναι το <i>t − p</i>, η φορά προς την οποία η απώλεια τραβά το <i>z</i>.",
    gold_share: |label| format!("μερίδιο του {} στο t", label.letter()),
    gold_back: "Μέσος των σχολιαστών",
    no_share: "Ένα μερίδιο είναι αριθμός από 0 έως 1, όπως 0,25 ή 2/3.",
    two_of_three: "2 λένε B, 1 λέει O",
    two_of_three_note: "Η περίπτωση της άσκησης στην επιλεγμένη λέξη: αντικαθιστά όλους τους σχολιαστές με τρεις, t = (2/3, 0, 1/3)",
    stray: "Ένα I συνεχίζει ένα B ή I πριν από αυτό· τα κόκκινα δεν συνεχίζουν τίποτα, άρα καμία ακολουθία απαντήσεων δεν έχει αυτές τις ετικέτες.",
    symbols_hint: "Δείξε ένα σύμβολο για να δεις τι σημαίνει.",
    symbol: |name| match name {
        "L" => "L: η απώλεια αυτής της ερώτησης και παραγράφου, ένας αριθμός.",
        "N" => "N_P: τα τμήματα λέξεων της παραγράφου. Η ερώτηση, το [CLS] και το [SEP] δεν έχουν όρο.",
        "t" => "t_ij: το μερίδιο της κλάσης j για το token i, ο μέσος των γραμμών των σχολιαστών.",
        _ => "p_ij: η πιθανότητα της κλάσης j που δίνει το μοντέλο στο token i.",
    },
    present: "Παρουσίαση",
    present_end: "Τέλος παρουσίασης (Esc)",
    presented: ["Το κείμενο και οι απαντήσεις", "Ένα token: h, z, p", "Χρυσές ετικέτες", "Η απώλεια L"],
    gold: "Χρυσές ετικέτες",
    gold_hint: "Ποια θα έπρεπε να είναι η απάντηση; Σύρε πάνω από τις λέξεις του κειμένου, ή πρόσθεσε σχολιαστή. Πολλοί μπορεί να διαφωνούν: t είναι ο μέσος όρος τους.",
    gold_keys: "Σύρε πάνω από λέξεις για να σημειώσεις απάντηση. Πλήκτρα: βέλη μετακινούν, Shift επιλέγει, B αρχή, I μέσα, O τίποτε, Ctrl + Z αναίρεση.",
    gold_other_text: "Η παράγραφος άλλαξε μετά την ανάλυση. Ανάλυσε ξανά για να δεις ετικέτες και απώλεια.",
    add_annotator: "Πρόσθεσε σχολιαστή",
    annotator_name: |number| match number {
        1 => "Εσύ".into(),
        n => format!("Σχολιαστής {n}"),
    },
    name: "Όνομα",
    weight: "Βάρος",
    remove: |name| format!("Αφαίρεσε: {name}"),
    label_as: |name| format!("Σημείωσε ως {name}"),
    says_no_answer: "καμία απάντηση",
    undo: "Αναίρεση",
    redo: "Επανάληψη",
    mark: "Σημείωσε με άγγιγμα",
    set_label: |label| match label {
        Label::B => "Άρχισε απάντηση εδώ".into(),
        Label::I => "Συνέχισε την προηγούμενη απάντηση".into(),
        Label::O => "Βγάλε την ετικέτα".into(),
    },
    labelling: |name| format!("Σημειώνει: {name}"),
    loss: "Απώλεια της παραγράφου",
    nats: "nats",
    loss_hint: "Η L συγκρίνει την πρόβλεψη με χρυσές ετικέτες. Σημείωσε μια απάντηση στο κείμενο για να τη δεις.",
    entropy: "η αμφιβολία των ίδιων των σχολιαστών",
    kl: "ό,τι μπορεί ακόμη να μάθει το μοντέλο",
    terms: "Ο όρος κάθε συμβόλου",
    largest_term: |text, term| format!("μεγαλύτερος: {term}, «{text}»"),
    columns: ["σύμβολο", "ετικέτα", "όρος"],
    tuned: |title, steps| {
        format!("{title} μετά από {steps} {} μάθησης στις ετικέτες σου.", if steps == 1 { "βήμα" } else { "βήματα" })
    },
    share: "Μοιράσου",
    fault,
};

fn fault(fault: &Fault) -> String {
    match fault {
        Fault::EmptyQuestion => "Η ερώτηση είναι κενή: γράψε πρώτα μια ερώτηση.".into(),
        Fault::EmptyParagraph => "Η παράγραφος είναι κενή: γράψε ή επικόλλησε πρώτα μια παράγραφο.".into(),
        Fault::QuestionTooLong { pieces, limit } => {
            format!("Η ερώτηση έχει {pieces} κομμάτια λέξεων· επιτρέπονται το πολύ {limit}. Κάνε την πιο σύντομη.")
        }
        Fault::UnknownModel { name } => format!("Δεν υπάρχει μοντέλο με το όνομα «{name}»."),
        Fault::Missing { file, status } => {
            format!("Λείπει το αρχείο {file} του μοντέλου (ο διακομιστής απάντησε {status}).")
        }
        Fault::Network { file, why } => {
            format!("Το αρχείο {file} του μοντέλου δεν μπόρεσε να κατέβει: {why}. Έλεγξε τη σύνδεση και δοκίμασε ξανά.")
        }
        Fault::Corrupt { file, why } => format!("Το αρχείο {file} είναι χαλασμένο ή άγνωστης μορφής: {why}."),
        Fault::NotChosen { file } => {
            format!("Το {file} δεν είναι ανάμεσα στα αρχεία: διάλεξε μαζί τα τρία αρχεία του μοντέλου.")
        }
        Fault::Unreadable { file } => format!("Το αρχείο {file} δεν διαβάζεται."),
        Fault::Mismatch { why } => format!("Τα αρχεία του μοντέλου δεν ταιριάζουν μεταξύ τους: {why}."),
        Fault::NoModel => "Δεν έχει φορτωθεί ακόμη μοντέλο.".into(),
        Fault::NoSimd => "Αυτός ο περιηγητής δεν τρέχει WebAssembly με SIMD· ένας του 2023 ή νεότερος μπορεί.".into(),
        Fault::WorkerDied { why } => format!("Η μηχανή σταμάτησε απρόσμενα ({why})."),
        Fault::Aborted => "Η ανάλυση ακυρώθηκε.".into(),
        Fault::Diverged => "Η απώλεια δεν είναι πια αριθμός: ο ρυθμός μάθησης είναι πολύ μεγάλος. Αναίρεσε το τελευταίο βήμα και πάρε μικρότερο ρυθμό.".into(),
        Fault::Gold { why } => format!("Οι χρυσές ετικέτες δεν ταιριάζουν στην παράγραφο: {why}."),
        Fault::LinkBroken => "Ο σύνδεσμος είναι χαλασμένος ή κομμένος: αντίγραψέ τον ολόκληρο ή ζήτησέ τον ξανά. Τίποτε δεν άλλαξε.".into(),
        Fault::LinkTooNew { version } => format!(
            "Ο σύνδεσμος έγινε από νεότερο Bioscope (έκδοση {version}): φόρτωσε ξανά τη σελίδα ή άνοιξέ τον εκεί όπου έγινε. Τίποτε δεν άλλαξε."
        ),
        Fault::LinkTooLong { bytes } => {
            format!("Το κείμενο είναι πολύ μεγάλο για σύνδεσμο ({bytes} bytes): αποθήκευσέ το σε JSON.")
        }
        Fault::Part => "Ένα μέρος της σελίδας δεν φορτώθηκε. Έλεγξε τη σύνδεση και δοκίμασε ξανά.".into(),
        Fault::Internal { why } => format!("Κάτι πήγε στραβά στο εσωτερικό: {why}."),
    }
}
/// As in the English table.
fn partly(em: f64, f1: f64) -> &'static str {
    let share = (f1 - em) / (0.62 * (100.0 - em).max(1.0));
    match share {
        s if s > 0.5 => "στις περισσότερες από τις άλλες",
        s if s > 0.25 => "σε μερικές από τις άλλες",
        _ => "σε λίγες από τις άλλες",
    }
}
