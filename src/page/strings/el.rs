//! Greek.

use crate::bio::{Decoder, Label};
use crate::display::format::{fixed, megabytes, probability};
use crate::error::Error;
use crate::exercise::{Facts, Step};
use crate::metrics::benchmark::{self, Kind};
use crate::self_test::{Found, GRADIENT_LIMIT, KL_LIMIT, KernelReason, State, Test, Tokens, Why};

use super::scores::tenths;
use super::{
    CarryWords, ExerciseWords, GuideWords, LearningWords, ScoreWords, SelfTestWords, ShareWords, Strings, VersionsWords,
};

/// The Greek table.
pub static EL: Strings = Strings {
    language: "el",
    choose_language: "Γλώσσα",
    tagline: "Δες μέσα σε ένα μοντέλο που διαβάζει",
    ask: "Ερώτηση προς το μοντέλο",
    question: "Ερώτηση",
    question_hint: "Ρώτησε κάτι που απαντά η παράγραφος (στα αγγλικά)",
    question_truncated: |pieces| {
        format!("Η ερώτηση είναι μεγάλη: διαβάζονται τα πρώτα {pieces} κομμάτια λέξεων, τα υπόλοιπα όχι.")
    },
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
    b_bias_note: |bias, signed| {
        let effect = if bias > 0.0 { "περισσότερες" } else { "λιγότερες" };
        format!(
            "Σε αυτό το μοντέλο το Viterbi προσθέτει {signed} σε κάθε log p_B και έτσι βρίσκει {effect} απαντήσεις· το p και η απώλεια μένουν όπως είναι."
        )
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
    exercise: ExerciseWords {
        heading: "Η άσκηση, με αυτούς τους αριθμούς",
        tabs: [
            "Το μοντέλο",
            "(α) p από h",
            "(β) Η απώλεια",
            "(γ) 1-hot",
            "Η κλίση",
            "Μάθηση",
            "Άλλαξε μια λέξη",
            "Αποκωδικοποίηση",
        ],
        token: "Σύμβολο",
        term: "Όρος",
        picture: |question, paragraph, d| {
            format!(
                "Το BERT διαβάζει μαζί <i>N<sub>Q</sub></i> = {question} κομμάτια της ερώτησης και <i>N<sub>P</sub></i> = {paragraph} της παραγράφου, και δίνει στο καθένα \
                 ένα διάνυσμα <i>h<sub>i</sub></i> ∈ ℝ<sup>{d}</sup>. Μόνο της παραγράφου συνεχίζουν: <i>W</i> ∈ ℝ<sup>3×{d}</sup> και <i>b</i> ∈ ℝ<sup>3</sup> ({} αριθμοί) δίνουν \
                 <i>p<sub>i</sub></i>, και το <i>p<sub>i</sub></i> μπαίνει στην <i>L</i>.",
                3 * d + 3
            )
        },
        rows: ["Σύμβολα"],
        picture_note: "Διάλεξε ένα σύμβολο για να φωτιστεί ο δρόμος του. Τα σύμβολα της ερώτησης, το [CLS] και το [SEP] έχουν <i>h</i>, αλλά ούτε ετικέτα ούτε όρο στην <i>L</i>.",
        layer: |d| {
            format!(
                "<i>z<sub>i</sub></i> = <i>W h<sub>i</sub></i> + <i>b</i>: κάθε logit είναι άθροισμα {d} γινομένων <i>W<sub>jk</sub> h<sub>ik</sub></i> και μιας σταθεράς. Αυτά μετρούν περισσότερο:"
            )
        },
        rest: "όλα τα άλλα γινόμενα",
        bias: "σταθερά <i>b</i>",
        softmax: "Softmax: από logits σε πιθανότητες",
        what_if: "Κι αν ένα logit ήταν αλλιώς;",
        what_if_note: "Κίνησε ένα logit και δες να αλλάζουν και οι τρεις πιθανότητες: πάντα αθροίζουν σε 1.",
        reset: "Πίσω στου μοντέλου",
        logit: |label| format!("Logit του {}", label.letter()),
        sum_over: |question, paragraph| {
            format!(
                "Το εξωτερικό άθροισμα τρέχει μόνο στα <i>N<sub>P</sub></i> = {paragraph} σύμβολα της παραγράφου: τα <i>N<sub>Q</sub></i> = {question} της ερώτησης διαβάζονται, αλλά δεν έχουν ετικέτα. \
                 Κάθε όρος είναι <i>H</i>(<i>t<sub>i</sub></i>), που κανένα μοντέλο δεν αποφεύγει, συν KL(<i>t<sub>i</sub></i> ‖ <i>p<sub>i</sub></i>), που μπορεί ακόμη να μάθει."
            )
        },
        other_terms: |count| {
            if count == 1 { "1 άλλο σύμβολο".into() } else { format!("{count} άλλα σύμβολα") }
        },
        own_losses: "Η απώλεια ως προς κάθε σχολιαστή",
        annotator: "Σχολιαστής",
        share: "Μερίδιο",
        weighted_mean: "Σταθμισμένος μέσος = L",
        linear: "Η L είναι γραμμική ως προς t, και t είναι ο σταθμισμένος μέσος των σχολιαστών: άρα L είναι ο σταθμισμένος μέσος των απωλειών ως προς τον καθένα.",
        not_linear: |count| {
            format!(
                "Δεν είναι το L: {count} από τα t_i ορίστηκαν απευθείας, άρα εκεί το t δεν είναι ο μέσος των σχολιαστών."
            )
        },
        agreement: "Πόσο συμφωνούν",
        observed: "Ζεύγη που συμφωνούν, ανά σύμβολο",
        cohen: "κ του Cohen",
        fleiss: "κ του Fleiss",
        alpha: "α του Krippendorff",
        undefined: "δεν ορίζεται",
        agreement_means: |kappa| match kappa {
            None => {
                "Όλες οι ετικέτες είναι μιας κλάσης: η τύχη μόνη της θα συμφωνούσε σε όλα, γι’ αυτό κ και α δεν ορίζονται."
            }
            Some(k) if k > 0.8 => {
                "1 είναι πλήρης συμφωνία, 0 όση δίνει η τύχη: αυτοί οι σχολιαστές συμφωνούν σχεδόν πάντα."
            }
            Some(k) if k > 0.4 => {
                "1 είναι πλήρης συμφωνία, 0 όση δίνει η τύχη: συμφωνούν για το σημείο, όχι για όλες τις λέξεις."
            }
            Some(k) if k > 0.0 => "1 είναι πλήρης συμφωνία, 0 όση δίνει η τύχη: συνήθως σημειώνουν άλλες λέξεις.",
            Some(_) => "0 είναι όση δίνει η τύχη: αυτοί οι σχολιαστές δεν συμφωνούν περισσότερο.",
        },
        assume: "Υπόθεσε ότι κάθε tᵢ είναι 1-hot (η πλειοψηφία των σχολιαστών)",
        not_one_hot: "Αυτοί οι σχολιαστές διαφωνούν, άρα μερικά tᵢ έχουν πολλά μερίδια πάνω από 0 και όλοι οι όροι τους μένουν. Άνοιξε τον διακόπτη για να δεις τι θα έκανε η πλειοψηφία.",
        steps: [
            "Η απώλεια του ερωτήματος (β).",
            "Ό,τι πολλαπλασιάζεται με 0 δεν προσθέτει τίποτε: p<sub>ij</sub> > 0, άρα log p<sub>ij</sub> είναι πεπερασμένος και 0 · log p<sub>ij</sub> = 0. Ο παράγοντας 1 φεύγει.",
            "Το ίδιο ισχύει για κάθε σύμβολο: από τους τρεις όρους του μένει μόνο της κλάσης του r(i). Το μείον μένει· σε μερικές σημειώσεις χάνεται εδώ.",
        ],
        step_token: |number, text, class, tie| {
            let tie = if tie {
                " (και άλλη κλάση έχει τόσες ψήφους· παίρνουμε την πρώτη από B, I, O)"
            } else {
                ""
            };
            format!("Για το σύμβολο {number}, «{text}», r({number}) = {}{tie}: εκεί t = 1 και αλλού 0.", class.letter())
        },
        step_sum: |count| format!("Και τα {count} σύμβολα μαζί."),
        ties: |count| match count {
            1 => "Ένα σύμβολο δεν έχει πλειοψηφία.".into(),
            n => format!("{n} σύμβολα δεν έχουν πλειοψηφία."),
        },
        soft_loss: "L ως προς t",
        hard_loss: "L ως προς την πλειοψηφία",
        difference: "Διαφορά",
        likelihood: |p| {
            format!(
                "Η 1-hot L είναι − log του γινομένου όλων των p<sub>i,r(i)</sub>, εδώ {p}: μικρότερη L σημαίνει μεγαλύτερη πιθανότητα των ετικετών, δηλαδή μέγιστη πιθανοφάνεια."
            )
        },
        gradient: "<i>∂L</i>/<i>∂z<sub>i</sub></i> = <i>p<sub>i</sub></i> − <i>t<sub>i</sub></i>, επειδή τα μερίδια του <i>t<sub>i</sub></i> αθροίζουν σε 1. Ένα βήμα εκπαίδευσης κινεί κάθε logit αντίθετα: \
            τα γκρι προς τα πάνω, τα μπλε προς τα κάτω.",
        largest_gradients: "Πού έχει το μοντέλο να μάθει περισσότερα",
        onward: "Προς το πυκνό επίπεδο και μέσα στο BERT",
        jointly: "Οι δύο πρώτες εκπαιδεύουν τα <i>W</i> και <i>b</i>· η τελευταία περνά στο BERT, επίπεδο προς επίπεδο ως τις ενσωματώσεις. Αυτό σημαίνει «από κοινού».",
        decoding: "Το μοντέλο δίνει σε κάθε σύμβολο μια κατανομή· η αποκωδικοποίηση τις κάνει απαντήσεις. Δεν αλλάζει ούτε p ούτε απώλεια.",
        likeliest: "Πιθανότερη",
        repaired_mark: " (ήταν I)",
        all_outside: |count| match count {
            1 => "1 σύμβολο που όλες αφήνουν έξω".into(),
            n => format!("{n} σύμβολα που όλες αφήνουν έξω"),
        },
        sequence_log_p: "log p όλων των ετικετών",
        best_score: "Λόγος του καλύτερου διαστήματος προς κανένα",
        p_no_answer: |p| {
            format!("P(καμία απάντηση) = {p}: η πιθανότητα κάθε σύμβολο να είναι O, ανάμεσα στις έγκυρες ακολουθίες.")
        },
        windows: "Παράθυρα",
        window: |number, first, last| format!("Παράθυρο {number}: σύμβολα {first} ως {last}"),
        windows_note: "Μεγάλες παράγραφοι διαβάζονται σε παράθυρα που επικαλύπτονται. Όπου επικαλύπτονται δύο, οι τιμές ενός συμβόλου έρχονται από εκείνο που δείχνει περισσότερο κείμενο γύρω του (γεμάτο χρώμα).",
        one_window: "Αυτή η παράγραφος χωρά σε ένα παράθυρο 384 θέσεων.",
        copy_latex: "Αντιγραφή ως LaTeX",
        copied: "Αντιγράφηκε",
        open: "Άνοιγμα…",
        print: "Εκτύπωση",
    },
    guide: GuideWords {
        begin: "Λύσε την βήμα προς βήμα",
        promise: "Δέκα ερωτήσεις για μια πρόταση πέντε συμβόλων, με h σε 128 διαστάσεις όπως στην άσκηση. Το δικό σου κείμενο γυρίζει με την Αναίρεση.",
        heading: "Βήμα προς βήμα",
        annotators: ["Άννα", "Βασίλης", "Χλόη"],
        place: |at, of, done| format!("{at} από {of} · {done} απαντημένες"),
        waiting: "Μια στιγμή: το μοντέλο διαβάζει την πρόταση. (Αν άλλαξες το κείμενο, ξεκίνα ξανά.)",
        answer: "Η απάντησή σου, ένας αριθμός",
        check: "Έλεγχος",
        hint: "Μια βοήθεια",
        reveal: "Δείξε μου",
        back: "Πίσω",
        next: "Επόμενο",
        close: "Κλείσε τον οδηγό",
        right: "Ναι.",
        wrong: "Όχι ακριβώς. Δες ξανά, ή πάρε μια βοήθεια.",
        unreadable: "Αυτό δεν είναι αριθμός. Γράψε κάτι σαν 0,81 ή 2/3.",
        questions: question,
        choices: |step| match step {
            Step::Carriers => &["Όλα τα σύμβολα", "Της παραγράφου", "Της ερώτησης", "Μόνο το [CLS]"],
            Step::Vanishes => &["t = 0", "p = 0", "p μικρό", "z = 0"],
            Step::Direction => &["Ανεβαίνει", "Κατεβαίνει"],
            Step::Trained => &["W και b", "το BERT", "W, b και το BERT", "t"],
            _ => &[],
        },
        hints: |step| match step {
            Step::Parameters => {
                "Το W είναι 3 × d: μία γραμμή για κάθε B, I, O. Και το b έχει έναν αριθμό για το καθένα."
            }
            Step::Carriers => "Δες στην εικόνα ποιες στήλες συνεχίζουν κάτω από το <i>h</i>.",
            Step::Softmax => {
                "p<sub>B</sub> = e<sup>z<sub>B</sub></sup> / (e<sup>z<sub>B</sub></sup> + e<sup>z<sub>I</sub></sup> + e<sup>z<sub>O</sub></sup>)."
            }
            Step::Gold => "Η ετικέτα κάθε σχολιαστή είναι ένα 1-hot διάνυσμα· t είναι ο μέσος όρος τους.",
            Step::Term => {
                "−(t<sub>B</sub> log p<sub>B</sub> + t<sub>O</sub> log p<sub>O</sub>)· το I δεν προσθέτει τίποτε, γιατί t<sub>I</sub> = 0. log είναι ο φυσικός λογάριθμος."
            }
            Step::Floor => "L = H(t) + KL(t ‖ p), και KL = 0 όταν p = t.",
            Step::Vanishes => "Ποιος παράγοντας του t log p μπορεί να γίνει ακριβώς 0; Η softmax δεν δίνει ποτέ p = 0.",
            Step::Left => "Δύο από τα τρία t είναι 0.",
            Step::Direction => {
                "∂L/∂z<sub>B</sub> = p<sub>B</sub> − t<sub>B</sub>, και το βήμα πάει αντίθετα στην κλίση."
            }
            Step::Trained => "Η κλίση συνεχίζει μέσα από το h<sub>i</sub>.",
        },
        why: reason,
    },
    versions: VersionsWords {
        intro: "Άλλαξε μια λέξη της ερώτησης ή της παραγράφου, ανάλυσε, και δες τι άλλο αλλάζει: κάθε p, οι απαντήσεις, η L.",
        none: "Δεν υπάρχει ακόμα κάτι για σύγκριση: άλλαξε το κείμενο πιο πάνω και ανάλυσέ το.",
        other_text: "Το προηγούμενο κείμενο ήταν άλλο. Άλλαξε μια λέξη σε αυτό, ή κράτησέ το για σύγκριση.",
        keep: "Σύγκριση με το κείμενο όπως είναι τώρα",
        kept: "Με αυτή την εκδοχή θα συγκριθούν οι επόμενες.",
        legend: "Διαγραμμένο: αφαιρέθηκε. Υπογραμμισμένο: προστέθηκε. Όσο πιο κόκκινο ένα σύμβολο, τόσο περισσότερη πιθανότητά του μετακινήθηκε.",
        token: "Σύμβολο",
        before: "Πριν",
        now: "Τώρα",
        moved: "μετακίνηση (½ Σ |Δp|)",
        answers: "Απαντήσεις",
        no_answer: "(καμία)",
    },
    carry: CarryWords {
        storage: "Φυλαγμένα σε αυτόν τον φυλλομετρητή",
        kept: |mb| format!("Φυλαγμένα σε αυτόν τον φυλλομετρητή: {mb} MB."),
        offline: "Η σελίδα ανοίγει χωρίς δίκτυο.",
        online: "Η σελίδα δεν ανοίγει ακόμη χωρίς δίκτυο.",
        blocked: "Ο φυλλομετρητής δεν φυλάει τίποτε για αυτή τη σελίδα: η αποθήκευση είναι αποκλεισμένη. Όλα λειτουργούν, αλλά το μοντέλο κατεβαίνει σε κάθε επίσκεψη.",
        full: "Το μοντέλο δεν μπόρεσε να φυλαχτεί: ο χώρος είναι γεμάτος ή αποκλεισμένος. Όλα λειτουργούν, αλλά κατεβαίνει σε κάθε επίσκεψη.",
        pages: "Η σελίδα και τα προγράμματά της",
        earlier: "Μοντέλα άλλων εκδόσεων",
        megabytes: |mb| format!("{mb} MB"),
        partly: |mb, all| format!("{mb} από {all} MB· τα υπόλοιπα έρχονται όταν επιλεγεί"),
        delete: |what| format!("Διαγραφή: {what}"),
        delete_short: "Διαγραφή",
        delete_all: "Διαγραφή όλων",
        storage_note: "Το κείμενο και οι ετικέτες σου φυλάγονται κι αυτά εδώ και πουθενά αλλού. Ό,τι διαγραφεί κατεβαίνει ξανά όταν χρειαστεί.",
        single: "Αυτό το ένα αρχείο περιέχει τη σελίδα, τη μηχανή και το μοντέλο. Δεν χρειάζεται δίκτυο· στον φυλλομετρητή φυλάγονται μόνο το κείμενο και οι ετικέτες σου.",
        update: "Υπάρχει νεότερη έκδοση της σελίδας.",
        reload: "Δείξε την",
        requests: |n| match n {
            1 => "1 αίτημα δικτύου από τότε που φορτώθηκε το μοντέλο".into(),
            n => format!("{n} αιτήματα δικτύου από τότε που φορτώθηκε το μοντέλο"),
        },
        licences: "Άδειες",
        requests_before: "Το μοντέλο φορτώνεται",
        requests_note: "Μετρά ο ίδιος ο φυλλομετρητής, στη σελίδα και στη μηχανή. Η πολιτική ασφαλείας της σελίδας επιτρέπει αιτήματα μόνο προς τον δικό της ιστότοπο· ό,τι γράφεις δεν περιέχεται σε κανένα.",
    },
    scores: ScoreWords {
        entry: "Πόσο καλά διαβάζουν…",
        open: "Βαθμοί ανά είδος ερώτησης",
        heading: "Πόσο καλά διαβάζουν τα μοντέλα",
        close: "Κλείσε τους βαθμούς",
        intro: "Ποσοστά σε ερωτήσεις από τις οποίες τα μοντέλα δεν έμαθαν. Όπου κάθε ερώτηση έχει πολλές απαντήσεις, μετρούν όλα τα διαστήματα· όπου οι μισές δεν έχουν καμία, ένα κατώφλι κρίνει αν θα δοθεί απάντηση.",
        exact: "ακριβώς σωστά",
        partly: "F1: και όσα είναι εν μέρει σωστά",
        never: "ποτέ απάντηση",
        questions: "Ερωτήσεις",
        kind: |kind| match kind {
            Kind::Articles => "για άρθρα εγκυκλοπαίδειας",
            Kind::NewArticles => "για νεότερα άρθρα",
            Kind::Posts => "για αναρτήσεις σε φόρουμ",
            Kind::Reviews => "για κριτικές προϊόντων",
            Kind::Search => "όπως τις γράφουν σε μηχανή αναζήτησης",
            Kind::Several => "με πολλές απαντήσεις",
            Kind::Sentences => "για μία μόνο πρόταση",
            Kind::Unanswerable => "για άρθρα, οι μισές χωρίς απάντηση",
            Kind::Other => "άλλου είδους",
        },
        count: |count| format!("{count} ερωτήσεις"),
        unknown: "δεν μετρήθηκε",
        several: |title, all, any| {
            format!(
                "Το {title} βρίσκει όλες τις απαντήσεις, όταν είναι πολλές, σε {}, μία από αυτές σε {}.",
                of_ten(all),
                of_ten(any)
            )
        },
        quality: |title, scores| {
            let on =
                |kind, what: &str| benchmark::of(scores, kind).map(|s| format!("σε {} ερωτήσεις {what}", of_ten(s.em)));
            let exact: Vec<String> = [
                on(Kind::Articles, "για άρθρα εγκυκλοπαίδειας"),
                on(Kind::Search, "όπως τις γράφουν σε μηχανή αναζήτησης"),
            ]
            .into_iter()
            .flatten()
            .collect();
            let mut text = format!("Το {title} βρίσκει ακριβώς την απάντηση {}", exact.join(" και "));
            if let Some(several) = benchmark::of(scores, Kind::Several).and_then(|s| s.several) {
                text += &format!(
                    "· όταν οι απαντήσεις είναι πολλές, τις βρίσκει όλες σε {}, μία από αυτές σε {}",
                    of_ten(several.all),
                    of_ten(several.any)
                );
            }
            text + ". Μόνο για αγγλικά."
        },
    },
    self_test: SelfTestWords {
        heading: "Αυτοέλεγχος",
        intro: "Υπολογίζει η μηχανή σε αυτόν τον φυλλομετρητή ό,τι πρέπει; Πυρήνες, τεμαχισμός, logits και κλίσεις συγκρίνονται με τιμές αναφοράς (Hugging Face, PyTorch), \
                και η μηχανή των 8 bit με τα ίδια βάρη σε f32 πάνω στο κείμενό σου. Το κάνουν δικοί του workers, ο ένας μετά τον άλλον· το κείμενό σου και το φορτωμένο μοντέλο μένουν όπως είναι. \
                Χρειάζεται μερικά δευτερόλεπτα, και μνήμη όση η μάθηση.",
        run: "Κάνε τον αυτοέλεγχο",
        stop: "Σταμάτα",
        progress: |done, of| format!("{done} από {of} …"),
        verdict: |passed, failed, skipped| {
            let part = |n: usize, what: &str| if n > 0 { format!(", {n} {what}") } else { String::new() };
            format!("{passed} πέρασαν{}{}", part(failed, "απέτυχαν"), part(skipped, "δεν έγιναν"))
        },
        title: |test| match test {
            Test::Kernel => "Πυρήνες",
            Test::Model => "Μοντέλο",
            Test::Tokenizer => "Τεμαχισμός",
            Test::Logits => "Logits, μηχανή των 8 bit",
            Test::Exact => "Logits, f32",
            Test::Gradients => "Κλίσεις",
            Test::Difference => "8 bit και f32",
            Test::Timings => "Χρόνοι και μνήμη",
        },
        state: |state| match state {
            State::Waiting => "περιμένει",
            State::Running => "τρέχει",
            State::Passed => "πέρασε",
            State::Failed => "απέτυχε",
            State::Skipped => "δεν έγινε",
        },
        found: |found| match found {
            Found::Kernel { name, reason, comparisons } => {
                let reason = match reason {
                    KernelReason::Able => "επειδή ο φυλλομετρητής έχει relaxed SIMD",
                    KernelReason::Unable => "επειδή ο φυλλομετρητής δεν έχει relaxed SIMD",
                    KernelReason::Asked => "επειδή το ζητά η διεύθυνση",
                };
                format!("{name}, {reason}: {comparisons} συγκρίσεις, όλες ίσες με τον απλό πυρήνα")
            }
            Found::Model { title, bytes, published } => {
                let published = if *published { ", SHA-256 όπως δημοσιεύτηκε" } else { "" };
                format!("{title}, {} MB{published}", megabytes(*bytes as u64))
            }
            Found::Tokens(Tokens { texts, count, wrong, first }) => {
                let first = first.as_ref().map(|first| format!(" ({first})")).unwrap_or_default();
                match wrong {
                    0 => format!("{texts} κείμενα, {count} αριθμοί και θέσεις, όλα ίσα"),
                    _ => format!("{texts} κείμενα, διαφέρουν {wrong} από {count} αριθμούς και θέσεις{first}"),
                }
            }
            Found::Logits { worst, count, limit } => {
                format!("μέγιστη διαφορά σε {count}: {} (όριο {limit})", probability(*worst))
            }
            Found::Gradients(g) => {
                let [loss, w, b, norms, shares] = [g.loss, g.w, g.b, g.norms, g.shares].map(probability);
                format!(
                    "σχετικές διαφορές: L {loss}, ∂L/∂W {w}, ∂L/∂b {b}, νόρμες {} τανυστών {norms}, κλίση × είσοδος {shares} (όριο {GRADIENT_LIMIT})",
                    g.tensors
                )
            }
            Found::Difference { summary: s, example } => {
                let text = if *example { "το πρώτο παράδειγμα" } else { "το κείμενό σου" };
                let [largest, mean, kl, mean_kl] = [s.largest, s.mean, s.largest_kl, s.mean_kl].map(probability);
                format!(
                    "{text}, {} κομμάτια: μέγιστο |p_int8 − p_f32| {largest}, μέσο {mean}· μέγιστη KL {kl}, μέση {mean_kl} nats (όριο {KL_LIMIT})· ετικέτες που διαφέρουν: {}",
                    s.tokens, s.labels
                )
            }
            Found::Timings(t) => {
                let ms = |ms: f64| fixed(ms, if ms < 1.0 { 2 } else { usize::from(ms < 10.0) });
                let mb = |bytes: usize| megabytes(bytes as u64);
                let step = t.step.map(|step| format!("· ένα βήμα μάθησης {} ms", ms(step))).unwrap_or_default();
                let learner = t.learner.map(|bytes| format!(", μάθηση {} MB", mb(bytes))).unwrap_or_default();
                format!(
                    "έναρξη {} ms, φόρτωση {} ms· διάμεσος από {}: τεμαχισμός {} ms, υπολογισμός {} ms, αποκωδικοποίηση {} ms{step}. Μνήμη WebAssembly: μηχανή {} MB{learner}, σελίδα {} MB",
                    ms(t.start),
                    ms(t.load),
                    t.runs,
                    ms(t.tokenize),
                    ms(t.forward),
                    ms(t.decode),
                    mb(t.engine),
                    mb(t.page)
                )
            }
        },
        why: |why| match why {
            Why::Own => "τιμές αναφοράς υπάρχουν μόνο για τα μοντέλα της σελίδας".into(),
            Why::NoReference(why) => format!("οι τιμές αναφοράς δεν μπόρεσαν να έρθουν ({why})"),
            Why::Broken(why) => format!("οι τιμές αναφοράς είναι κατεστραμμένες ({why})"),
            Why::NoModel => "δεν υπάρχει μοντέλο να ρωτηθεί".into(),
            Why::Stopped => "σταμάτησε".into(),
            Why::Error(fault) => fault.to_string(),
        },
        differences: "8 bit και f32, κομμάτι προς κομμάτι",
        columns: ["κομμάτι", "|p<sub>int8</sub> − p<sub>f32</sub>|", "KL", "ετικέτα"],
        report: "Αναφορά",
        report_note: "Για ένα μήνυμα σε όποιον φροντίζει τη σελίδα, στα αγγλικά. Από το κείμενό σου δεν περιέχει τίποτε.",
        copy: "Αντιγραφή",
        copied: "Αντιγράφηκε.",
        by_hand: "Το πρόχειρο δεν είναι διαθέσιμο: επίλεξε την αναφορά και αντίγραψέ την.",
        save: "Αποθήκευση σε αρχείο",
    },
    learning: LearningWords {
        intro: "Διόρθωσε τις ετικέτες πιο πάνω, μάντεψε ποιες μπάρες θα ανέβουν και πάτα Βήμα: η κλίση της <i>L</i> μετακινεί τα βάρη, και κάθε όψη δείχνει το μοντέλο όπως \
                είναι μετά. <b>Μαζί</b> εκπαιδεύει το BERT και το πυκνό επίπεδο μαζί, όπως στο μέρος (β)· <b>μόνο κεφαλή</b> μετακινεί τα <i>W</i> και <i>b</i>. Φεύγοντας από την καρτέλα επιστρέφει το αρχικό μοντέλο.",
        which: "Ποιες παράμετροι μετακινούνται",
        joint: "Μαζί",
        head: "Μόνο κεφαλή",
        optimizer: "Βελτιστοποιητής",
        rate: "Ρυθμός μάθησης",
        step: "Βήμα",
        play: "Συνέχεια",
        stop: "Διακοπή",
        reset: "Επαναφορά",
        starting: "Ξεκινά μια δεύτερη μηχανή για τη μάθηση…",
        stepping: "Ένα βήμα: εμπρός, πίσω, ενημέρωση…",
        explaining: |done, total| format!("Εξήγηση: πέρασμα {done} από {total}"),
        ready: "Δεν έχει μάθει τίποτα ακόμα.",
        stepped: |step, before, after, ms| format!("Βήμα {step}: L {before} → {after}, σε {ms} ms."),
        curve: "Η L μετά από κάθε βήμα, πάνω από το κατώφλι H",
        token: "Σύμβολο",
        before: "p πριν",
        after: "p τώρα",
        moved: "Πόσο μετακίνησε το τελευταίο βήμα κάθε μέρος (νόρμα L2)",
        layer: |k| format!("επίπεδο {k}"),
        embeddings: "ενσωματώσεις",
        head_part: "W, b",
        why: "Γιατί αυτό το p;",
        explain: |label| format!("Εξήγηση του p της {}", label.letter()),
        explained: |token, label| {
            format!(
                "Τι προσθέτει κάθε σύμβολο εισόδου στον λογάριθμο των πιθανοτήτων υπέρ της {} στο σύμβολο {token}",
                label.letter()
            )
        },
        method: "Μέθοδος",
        integrated: "Ολοκληρωμένες κλίσεις",
        gradient: "Κλίση × είσοδος",
        complete: |value, baseline, error| {
            format!(
                "Λογάριθμος πιθανοτήτων {value}· με όλες τις λέξεις κρυμμένες {baseline}. Τα μερίδια αθροίζουν στη διαφορά με σφάλμα {error} %."
            )
        },
        why_note: "Διάλεξε ένα σύμβολο στο κείμενο και μετά μια κλάση. Το μπλε προσθέτει στο <i>log(p/(1−p))</i>, το κόκκινο αφαιρεί.",
        working: "Μια στιγμή…",
        stepping_through: |done, total| format!("Ένα βήμα: επίπεδο {done} από {total} στη διαδρομή πάνω και κάτω"),
        checking_first: |done, total| format!("Διαβάζει άλλες ερωτήσεις πριν από το πρώτο βήμα: {done} από {total}"),
        checking: |done, total| format!("Ξαναδιαβάζει τις άλλες ερωτήσεις: {done} από {total}"),
        save: "Αποθήκευση μοντέλου",
        save_note: "Βάρη, config.json και tokenizer.json σε ένα αρχείο .zip: άνοιξέ το από την επιλογή μοντέλου ή με bioscope analyse --model",
        predict: |token| format!("Πρόβλεψε το επόμενο βήμα: ποιο p του {token} θα ανέβει (▲) και ποιο θα πέσει (▼);"),
        predict_name: |label, up| format!("το p της {} θα {}", label.letter(), if up { "ανέβει" } else { "πέσει" }),
        predicted: |right, said, changes| format!("{right} από {said} όπως προέβλεψες: {changes}"),
        collect: "Κράτα αυτό το κείμενο",
        collect_none: "Μαθαίνει από το κείμενο και τις ετικέτες που φαίνονται. Κράτα περισσότερα για να μάθει από όλα μαζί.",
        collect_some: |n| match n {
            1 => "Μαθαίνει από το ένα κείμενο που κράτησες, ό,τι κι αν φαίνεται:".into(),
            n => format!("Μαθαίνει από τη μέση L αυτών των {n} κειμένων, ό,τι κι αν φαίνεται:"),
        },
        drop: |question| format!("Αφαίρεση: {question}"),
        drop_short: "Αφαίρεση",
        held_out: "Άλλες ερωτήσεις, από τις οποίες δεν μαθαίνει",
        held_out_summary: |changed, of, before, after| {
            let verb =
                if changed == 1 { "απάντηση άλλαξε" } else { "απαντήσεις άλλαξαν" };
            format!("{changed} από {of} {verb}· η μέση L τους πήγε από {before} σε {after}.")
        },
        other_question: "Ερώτηση",
        answer_before: "Αρχικά",
        answer_now: "Τώρα",
        no_answer: "(καμία απάντηση)",
        compare: "Μόνο κεφαλή ή μαζί;",
        compare_note: |steps| {
            format!(
                "Κάνει {steps} βήματα με κάθε τρόπο στις ίδιες ετικέτες, και τα δύο από τα αρχικά βάρη, και τα βάζει δίπλα δίπλα. Τα βήματα ως τώρα αναιρούνται· μένουν τα κοινά."
            )
        },
        compare_go: "Σύγκριση",
        compare_loss: "L",
        compare_kl: "της KL(t || p) έφυγε",
        compare_head: "μετακίνηση W, b (άθροισμα των νορμών των βημάτων)",
        compare_bert: "μετακίνηση BERT",
        compare_changed: "άλλες απαντήσεις που άλλαξαν",
        compare_others: "μέση L των άλλων ερωτήσεων",
        compare_time: "χρόνος ενός βήματος",
        attention: "Προσοχή",
        attention_layer: "Επίπεδο",
        attention_heads: "Κεφαλές",
        attention_head: |k| format!("κεφαλή {k}"),
        attention_mean: "μέση",
        attention_elsewhere: "Το σύμβολο διαβάζεται σε άλλο παράθυρο: πάτα ξανά το επίπεδο.",
        attended: |token, layer, head| format!("Πόσο παίρνει το «{token}» από κάθε θέση, επίπεδο {layer}, {head}"),
        attention_note: "Διάλεξε ένα σύμβολο στο κείμενο και μετά ένα επίπεδο. Σε μια εικόνα οι γραμμές παίρνουν από τις στήλες και κάθε γραμμή αθροίζει σε 1. \
                         Η προσοχή δείχνει πού κοιτάζει ένα επίπεδο, όχι σε τι οφείλεται η απάντηση.",
    },
    files: &super::files::EL,
    sharing: ShareWords {
        heading: "Σύνδεσμος προς αυτό το κείμενο και τις ετικέτες του",
        link: "Σύνδεσμος",
        copy: "Αντιγραφή",
        copied: "Ο σύνδεσμος αντιγράφηκε.",
        by_hand: "Αντίγραψε τον σύνδεσμο από το πεδίο.",
        size: |size| {
            format!(
                "{size} kB. Ερώτηση, παράγραφος και ετικέτες βρίσκονται μέσα στον ίδιο τον σύνδεσμο· κανένας διακομιστής δεν τα βλέπει."
            )
        },
        long: "Μερικά προγράμματα κόβουν τόσο μεγάλους συνδέσμους: ένα αρχείο JSON είναι πιο σίγουρο.",
        hide: "Χωρίς ετικέτες, και με κρυμμένες τις απαντήσεις του μοντέλου ώσπου να σημειωθεί μία ή να ζητηθούν",
        guided: "Άνοιξε μόνο την καθοδηγούμενη άσκηση",
        close: "Κλείσε",
        opened: "Άνοιξε από σύνδεσμο. Η «Αναίρεση» φέρνει πίσω ό,τι είχες πριν.",
        hidden_note: "Οι απαντήσεις του μοντέλου είναι κρυμμένες ώσπου να σημειώσεις εσύ μία: σύρε πάνω από λέξεις του κειμένου.",
        show: "Δείξ’ τες τώρα",
        guided_note: "Εδώ είναι μόνο η καθοδηγούμενη άσκηση.",
        whole: "Άνοιξε όλη τη σελίδα",
        class: "Οι ετικέτες μιας τάξης",
        class_note: "Άφησε οπουδήποτε στη σελίδα τα αρχεία JSON που αποθήκευσε ο καθένας, ή διάλεξέ τα εδώ, ή επικόλλησε συνδέσμους. Κάθε σχολιαστής τους γίνεται ένας από τους παραπάνω, και το t είναι όλοι μαζί.",
        choose: "Διάλεξε αρχεία…",
        paste: "Σύνδεσμοι, ένας ανά γραμμή",
        add: "Πρόσθεσε τους συνδέσμους",
        keep: "Κράτησε τους σχολιαστές που υπάρχουν",
        summary: |entries, added, annotators| {
            format!("Μπήκαν {added} από {entries}· οι σχολιαστές είναι τώρα {annotators}.")
        },
        added: |annotators, direct| {
            let left_out = match direct {
                0 => String::new(),
                n => format!("· έμειναν έξω {n} t που ορίστηκαν απευθείας, γιατί δεν είναι ετικέτα κανενός"),
            };
            format!("{annotators} {}{left_out}", if annotators == 1 { "σχολιαστής" } else { "σχολιαστές" })
        },
        other_text: "δεν μπήκε: αφορά άλλη παράγραφο",
        other_question: "δεν μπήκε: απαντά άλλη ερώτηση",
        duplicate: |of| match of {
            "" => "δεν μπήκε: οι σχολιαστές του υπάρχουν ήδη".into(),
            of => format!("δεν μπήκε: ίδιο με το {of}"),
        },
        unlabelled: "δεν έχει τίποτε: κανείς δεν έβαλε ετικέτες",
        adopt: "Πάρε το κείμενό τους",
        count_doubles: "Μέτρησε και τα διπλά",
        heat: "Πού διαφωνούν",
        heat_note: "Όσο πιο έντονα χρωματισμένη μια λέξη, τόσο μεγαλύτερη η <i>H</i>(<i>t<sub>i</sub></i>): 0 όπου συμφωνούν όλοι, log 3 ≈ 1,10 nats όπου κάθε κλάση έχει ένα τρίτο.",
        heat_token: |number, text, entropy, [b, i, o]| {
            format!("{number} «{text}»: H = {entropy} nats· B {b}, I {i}, O {o}")
        },
        disputed: "Οι πιο αμφίβολες",
        undisputed: "Όλοι συμφωνούν σε κάθε λέξη.",
        book: "Ερωτήσεις από αρχείο",
        book_note: "Άνοιξε αρχεία με ερωτήσεις, κείμενα ή ετικέτες, ή άφησέ τα στη σελίδα: SQuAD, CoNLL, doccano, Label Studio, Prodigy, brat, WebAnno, πίνακες, απλό κείμενο. Μένουν σε αυτόν τον περιηγητή.",
        open: "Άνοιξε αρχείο…",
        opening: |name| format!("Διαβάζει το {name}…"),
        holds: |name, count| format!("{name}: {count} {}", if count == 1 { "ερώτηση" } else { "ερωτήσεις" }),
        search: "Αναζήτηση σε ερωτήσεις και παραγράφους",
        nothing: "Δεν βρέθηκε τίποτε.",
        listed: |first, last, of| format!("{first} έως {last} από {of}"),
        previous: "Προηγούμενες",
        next: "Επόμενες",
        go_to: "Πήγαινε στην ερώτηση",
        score: "Βαθμολόγησέ τες",
        how_many: "Πόσες",
        scoring: |done, of| format!("Διαβάστηκαν {done} από {of}…"),
        stop: "Σταμάτα",
        means: |count, loss, em, f1| {
            format!(
                "Μέσος όρος σε {count} {}: L = {loss} nats, EM {em} %, F1 {f1} %.",
                if count == 1 { "ερώτηση" } else { "ερωτήσεις" }
            )
        },
        columns: ["#", "Ερώτηση", "L", "EM", "F1", "Απάντηση"],
        none: "καμία απάντηση",
        more: |count| format!("… και {count} ακόμη· ταξινόμησε με άλλη στήλη για να δεις άλλες."),
        by: |decoder| format!("Απαντήσεις με την αποκωδικοποίηση που διάλεξες παραπάνω ({decoder})."),
        drop: "Άφησε εδώ: τα τρία αρχεία ενός μοντέλου, αποθηκευμένες ετικέτες ή ερωτήσεις",
        too_large: |size, most| format!("έχει {size} MB, και διαβάζονται το πολύ {most}"),
    },
};

fn fault(fault: &Error) -> String {
    match fault {
        Error::EmptyQuestion => "Η ερώτηση είναι κενή: γράψε πρώτα μια ερώτηση.".into(),
        Error::EmptyParagraph => "Η παράγραφος είναι κενή: γράψε ή επικόλλησε πρώτα μια παράγραφο.".into(),
        Error::UnknownModel { name } => format!("Δεν υπάρχει μοντέλο με το όνομα «{name}»."),
        Error::Missing { file, status } => {
            format!("Λείπει το αρχείο {file} του μοντέλου (ο διακομιστής απάντησε {status}).")
        }
        Error::Network { file, why } => {
            format!("Το αρχείο {file} του μοντέλου δεν μπόρεσε να κατέβει: {why}. Έλεγξε τη σύνδεση και δοκίμασε ξανά.")
        }
        Error::Corrupt { file, why } => format!("Το αρχείο {file} είναι χαλασμένο ή άγνωστης μορφής: {why}."),
        Error::NotChosen { file } => {
            format!("Το {file} δεν είναι ανάμεσα στα αρχεία: διάλεξε μαζί τα τρία αρχεία του μοντέλου.")
        }
        Error::Unreadable { file } => format!("Το αρχείο {file} δεν διαβάζεται."),
        Error::Mismatch { why } => format!("Τα αρχεία του μοντέλου δεν ταιριάζουν μεταξύ τους: {why}."),
        Error::NoModel => "Δεν έχει φορτωθεί ακόμη μοντέλο.".into(),
        Error::NoSimd => "Αυτός ο περιηγητής δεν τρέχει WebAssembly με SIMD· ένας του 2023 ή νεότερος μπορεί.".into(),
        Error::WorkerDied { why } => format!("Η μηχανή σταμάτησε απρόσμενα ({why})."),
        Error::Aborted => "Η ανάλυση ακυρώθηκε.".into(),
        Error::Diverged => "Η απώλεια δεν είναι πια αριθμός: ο ρυθμός μάθησης είναι πολύ μεγάλος. Αναίρεσε το τελευταίο βήμα και πάρε μικρότερο ρυθμό.".into(),
        Error::Gold { why } => format!("Οι χρυσές ετικέτες δεν ταιριάζουν στην παράγραφο: {why}."),
        Error::LinkBroken => "Ο σύνδεσμος είναι χαλασμένος ή κομμένος: αντίγραψέ τον ολόκληρο ή ζήτησέ τον ξανά. Τίποτε δεν άλλαξε.".into(),
        Error::LinkTooNew { version } => format!(
            "Ο σύνδεσμος έγινε από νεότερο Bioscope (έκδοση {version}): φόρτωσε ξανά τη σελίδα ή άνοιξέ τον εκεί όπου έγινε. Τίποτε δεν άλλαξε."
        ),
        Error::LinkTooLong { bytes } => {
            format!("Το κείμενο είναι πολύ μεγάλο για σύνδεσμο ({bytes} bytes): αποθήκευσέ το σε JSON.")
        }
        Error::Internal { why } => format!("Κάτι πήγε στραβά στο εσωτερικό: {why}."),
    }
}
/// A share in percent for the ear.
fn of_ten(percent: f64) -> String {
    match tenths(percent) {
        Some(n) => format!("{n} στις 10"),
        None => "λιγότερες από 1 στις 10".into(),
    }
}

fn question(step: Step, facts: &Facts) -> String {
    let (n, d) = (facts.token + 1, facts.d);
    match step {
        Step::Parameters => format!("Το <i>h<sub>i</sub></i> του BERT έχει εδώ {d} αριθμούς. Πόσες παραμέτρους έχει το πυκνό επίπεδο, <i>W</i> και <i>b</i> μαζί;"),
        Step::Carriers => "Ποια σύμβολα έχουν όρο στην απώλεια <i>L</i>;".into(),
        Step::Softmax => format!(
            "Το σύμβολο {n} έχει <i>z</i> = ({:.2}, {:.2}, {:.2}) για B, I, O. Υπολόγισε το <i>p</i><sub>{n},B</sub> με δύο δεκαδικά. (Αρκεί ένα κομπιουτεράκι.)",
            facts.z[0], facts.z[1], facts.z[2]
        ),
        Step::Gold => format!("Η Άννα και ο Βασίλης λένε B για το σύμβολο {n}, η Χλόη λέει O. Πόσο είναι το <i>t</i><sub>{n},B</sub>;"),
        Step::Term => format!(
            "Με <i>p</i><sub>{n}</sub> = ({:.3}, {:.3}, {:.3}): τι προσθέτει το σύμβολο {n} στην <i>L</i>;",
            facts.p[0], facts.p[1], facts.p[2]
        ),
        Step::Floor => "Όσο καλό κι αν γίνει το μοντέλο: πόσο τουλάχιστον θα είναι η <i>L</i> με αυτούς τους τρεις σχολιαστές;".into(),
        Step::Vanishes => "Τώρα ο διακόπτης του (γ): κάθε <i>t<sub>i</sub></i> είναι 1-hot. Πότε μηδενίζεται ένα γινόμενο <i>t<sub>ij</sub></i> log <i>p<sub>ij</sub></i>;".into(),
        Step::Left => "Πόσα από τα τρία γινόμενα ενός συμβόλου μένουν τότε;".into(),
        Step::Direction => format!(
            "Πίσω στους τρεις σχολιαστές: <i>p</i><sub>{n},B</sub> = {:.3} και <i>t</i><sub>{n},B</sub> = 2/3. Τι κάνει ένα βήμα εκπαίδευσης στο <i>z</i><sub>{n},B</sub>;",
            facts.p[0]
        ),
        Step::Trained => "«Από κοινού»: τι αλλάζει αυτό το βήμα;".into(),
    }
}

fn reason(step: Step, facts: &Facts, right: &str) -> String {
    match step {
        Step::Parameters => format!("3 × {} + 3 = {right}.", facts.d),
        Step::Carriers => "Μόνο τα σύμβολα της παραγράφου έχουν ετικέτα· η ερώτηση, το [CLS] και το [SEP] διαβάζονται, αλλά δεν σημειώνονται.".into(),
        Step::Softmax => format!("Είναι {right}."),
        Step::Gold => format!("Δύο από τα τρία 1-hot διανύσματα έχουν το 1 στο B: {right}."),
        Step::Term => format!("Είναι {right} nats."),
        Step::Floor => format!("H(t) = {right} nats: μόνο αυτό το σύμβολο είναι αμφίβολο, και η KL μπορεί να πέσει στο 0."),
        Step::Vanishes => "t = 0: τότε 0 · log p = 0, όποιο κι αν είναι το p > 0.".into(),
        Step::Left => "Ένα: της κλάσης r(i), με παράγοντα 1. Άρα L = − Σ log p<sub>i,r(i)</sub>, μαζί με το μείον.".into(),
        Step::Direction => {
            let (sign, way) = if facts.p[0] > facts.t[0] { ("θετικό", "κατεβαίνει") } else { ("αρνητικό", "ανεβαίνει") };
            format!("p − t = {:.3} είναι {sign}, άρα το logit {way}.", facts.p[0] - facts.t[0])
        }
        Step::Trained => "Όλα: τα W και b με (p − t) hᵀ και p − t, και το BERT με Wᵀ (p − t), επίπεδο προς επίπεδο.".into(),
    }
}
