//! The words of data files: what they are, what is wrong with them, what a format cannot hold.

use crate::dataset::{Feature, Format, Notice, Place, Problem, Reason};

/// One language's.
pub struct Words {
    /// Heading of the list of files.
    pub heading: &'static str,
    /// A file is being read.
    pub reading: &'static str,
    /// A file in one sentence: format, records, annotators, skipped.
    pub sentence: fn(Format, usize, usize, usize) -> String,
    /// It was taken as labels of the text on the page.
    pub as_labels: &'static str,
    /// It was taken as a part of a model.
    pub as_model: &'static str,
    /// Label of the choice of a format.
    pub read_as: &'static str,
    /// The content decides.
    pub by_content: &'static str,
    /// Shows the file's records.
    pub show: &'static str,
    /// The records that were skipped: how many.
    pub skipped: fn(usize) -> String,
    /// Reads the file as Windows-1252.
    pub windows_1252: &'static str,
    /// Counts offsets in UTF-16 code units.
    pub utf16: &'static str,
    /// Moves answers to the only place where they stand.
    pub repair: &'static str,
    /// Names B, I and O among numbers.
    pub name_labels: &'static str,
    /// Takes a column of labels for the gold labels: its number.
    pub gold_column: fn(usize) -> String,
    /// Says what each format holds; the text of a link.
    pub formats: &'static str,
    /// A format's name.
    pub format: fn(Format) -> &'static str,
    /// A problem.
    pub problem: fn(&Problem) -> String,
    /// A remark.
    pub notice: fn(&Notice) -> String,
    /// Label of the choice of a format to write.
    pub save_as: &'static str,
    /// Writes it.
    pub save: &'static str,
    /// What a format cannot hold: the feature, in how many records.
    pub loses: fn(Feature, usize) -> String,
}

fn problem_en(problem: &Problem) -> String {
    problem.to_string()
}

fn notice_en(notice: &Notice) -> String {
    notice.to_string()
}

fn sentence_en(format: Format, records: usize, annotators: usize, skipped: usize) -> String {
    let plural = |count: usize, noun: &str| format!(", {count} {noun}{}", if count == 1 { "" } else { "s" });
    let annotators = if annotators > 0 { plural(annotators, "annotator") } else { String::new() };
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    format!("{}{}{annotators}{skipped}", format.title(), plural(records, "record"))
}

/// English.
pub static EN: Words = Words {
    heading: "Files",
    reading: "is being read …",
    sentence: sentence_en,
    as_labels: "labels of the text above",
    as_model: "a file of a model",
    read_as: "Read as",
    by_content: "what it looks like",
    show: "Show",
    skipped: |count| if count == 1 { "1 record was skipped".into() } else { format!("{count} records were skipped") },
    windows_1252: "Read as Windows-1252",
    utf16: "Count offsets in UTF-16 units",
    repair: "Move answers to where they stand",
    name_labels: "Take 0, 1, 2 for B, I, O",
    gold_column: |number| format!("Column {number} of the labels is gold"),
    formats: "What each format holds",
    format: Format::title,
    problem: problem_en,
    notice: notice_en,
    save_as: "Save as",
    save: "Save",
    loses: |feature, records| format!("This format cannot hold {feature} ({records} records)."),
};

fn place_el(place: &Place) -> String {
    match place {
        Place::Line(line) => format!("γραμμή {line}"),
        Place::Record(number) => format!("εγγραφή {number}"),
        Place::Question(id) => format!("ερώτηση {id}"),
        Place::Path(path) => path.clone(),
    }
}

fn reason_el(reason: &Reason) -> String {
    match reason {
        Reason::Empty => "είναι κενό".into(),
        Reason::NoRecord => "δεν έχει ούτε ερώτηση ούτε κείμενο".into(),
        Reason::NotUtf8 => "δεν είναι UTF-8· να διαβαστεί ως Windows-1252;".into(),
        Reason::Compressed => "είναι συμπιεσμένο: αποσυμπίεσέ το πρώτα".into(),
        Reason::Spreadsheet => "είναι λογιστικό φύλλο: αποθήκευσέ το πρώτα ως CSV".into(),
        Reason::Unknown => "δεν έχει καμία από τις γνωστές μορφές".into(),
        Reason::Json { why, line, column } => format!("δεν είναι έγκυρο JSON: {why} (γραμμή {line}, στήλη {column})"),
        Reason::Missing { field } => format!("λείπει το πεδίο «{field}»"),
        Reason::Unexpected { field, expected, found } => {
            format!("το «{field}» είναι {found}, ενώ έπρεπε να είναι: {expected}")
        }
        Reason::PastEnd { start, end, length } => {
            format!("το διάστημα {start}..{end} τελειώνει μετά τους {length} χαρακτήρες της παραγράφου")
        }
        Reason::Negative { start, end } => format!("το διάστημα {start}..{end} αρχίζει πριν από την παράγραφο"),
        Reason::EmptySpan { start, end } => format!("το διάστημα {start}..{end} είναι κενό"),
        Reason::CutsCharacter { start, end, at } => {
            format!("το διάστημα {start}..{end} κόβει έναν χαρακτήρα στα δύο, στο {at}")
        }
        Reason::NotThere { text, start, once } => {
            let once = once.map(|at| format!("· υπάρχει μία φορά, στο {at}")).unwrap_or_default();
            format!("η παράγραφος δεν λέει «{text}» στο {start}{once}")
        }
        Reason::NotFound { text } => format!("η παράγραφος δεν περιέχει «{text}»"),
        Reason::Overlap { a, b, c, d } => format!("τα διαστήματα {a} έως {b} και {c} έως {d} επικαλύπτονται"),
        Reason::Count { tokens, labels } => format!("δόθηκαν {labels} ετικέτες για {tokens} σύμβολα"),
        Reason::Label { label } => {
            format!("το «{label}» δεν είναι ετικέτα: αναμένεται B, I ή O, με ή χωρίς είδος, ή L και U του BILOU")
        }
        Reason::Token { token } => format!("το κείμενο δεν συνεχίζει με «{token}»"),
        Reason::AskLabels { found } => {
            let found = found.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            format!("τα «ner_tags» είναι αριθμοί ({found}): ποιοι από αυτούς είναι B, I και O;")
        }
        Reason::AskColumns { count } => {
            format!("έχει {count} στήλες ετικετών, ίσως χρυσές και προβλέψεις: ποια είναι ποια;")
        }
        Reason::Partner { name } => format!("χρειάζεται το κείμενο στο οποίο αναφέρεται: {name}"),
        Reason::Column { names, found } => format!("δεν έχει στήλη με όνομα {names}· οι στήλες του είναι {found}"),
        Reason::NoAnnotator => "δεν έχει επισημειωτή".into(),
        Reason::NoQuestion => "δεν έχει ερώτηση: δώσε μία για όλα".into(),
        Reason::Weights => "τα βάρη πρέπει να είναι πεπερασμένα, τουλάχιστον 0 και όχι όλα 0".into(),
        Reason::Fault { why } => why.clone(),
    }
}

fn problem_el(problem: &Problem) -> String {
    let reason = reason_el(&problem.reason);
    problem.place.as_ref().map_or(reason.clone(), |place| format!("{}: {reason}", place_el(place)))
}

fn notice_el(notice: &Notice) -> String {
    match notice {
        Notice::NoQuestions => "δεν έχει ερωτήσεις: γράψε μία στο πεδίο της".into(),
        Notice::NullAnswers { count } => {
            format!("σε {count} εγγραφές το «answers» είναι null: λογίζεται «καμία απάντηση»")
        }
        Notice::Cancelled { count } => format!("{count} επισημειώσεις ακυρώθηκαν ή απορρίφθηκαν και έμειναν έξω"),
        Notice::TokensJoined { count } => format!("{count} εγγραφές έχουν μόνο σύμβολα: ενώθηκαν με κενά"),
        Notice::NoIds { count } => format!("{count} εγγραφές δεν έχουν id: αριθμήθηκαν"),
        Notice::DuplicateIds { id, first, again, count } => format!(
            "το id {id} υπάρχει δύο φορές ({}, {})· {count} id είναι πιασμένα",
            place_el(first),
            place_el(again)
        ),
        Notice::Repaired { count } => format!("{count} απαντήσεις μεταφέρθηκαν στο μόνο σημείο όπου υπάρχουν"),
        Notice::FirstPlace { count } => {
            format!("{count} απαντήσεις υπάρχουν πολλές φορές στο κείμενό τους: πάρθηκε η πρώτη θέση")
        }
        Notice::PerhapsUtf16 { count, now, utf16 } => {
            format!("{count} διαστήματα κόβουν λέξη: το «{now}» θα ήταν «{utf16}» σε μονάδες UTF-16")
        }
        Notice::Utf16 { count } => {
            format!("{count} διαστήματα μετρούν σε μονάδες UTF-16, όπως δείχνουν τα κείμενά τους")
        }
        Notice::Scheme { name } => format!("οι ετικέτες του είναι {name}"),
        Notice::Kinds { names } => format!("ετικέτες πολλών ειδών λογίζονται όλες ως απαντήσεις: {}", names.join(", ")),
        Notice::Encoding { name } => format!("διαβάστηκε ως {name}"),
        Notice::SoftUnused { count } => {
            format!("t_i που ορίστηκαν απευθείας σε {count} εγγραφές δεν χρησιμοποιούνται εδώ")
        }
    }
}

fn format_el(format: Format) -> &'static str {
    match format {
        Format::Plain => "απλό κείμενο",
        Format::Squad => "αρχείο SQuAD",
        Format::HfQa => "ερωτήσεις και απαντήσεις του Hugging Face",
        Format::Lines => "γραμμές τύπου QAMR",
        Format::Conll => "CoNLL (ένα σύμβολο και η ετικέτα του ανά γραμμή)",
        Format::HfTokens => "ταξινόμηση συμβόλων του Hugging Face",
        Format::Doccano | Format::DoccanoEntities => "εξαγωγή του doccano",
        Format::LabelStudio => "εξαγωγή του Label Studio",
        Format::Prodigy => "εξαγωγή του Prodigy",
        Format::Brat => "επισημειώσεις του brat",
        Format::Webanno => "WebAnno TSV",
        Format::Csv | Format::Tsv => "πίνακας",
        Format::MultiSpanQa => "αρχείο MultiSpanQA",
    }
}

fn feature_el(feature: Feature) -> &'static str {
    match feature {
        Feature::Question => "ερωτήσεις",
        Feature::Annotators => "όλους τους επισημειωτές εκτός από τον πρώτο",
        Feature::Names => "ονόματα επισημειωτών",
        Feature::Weights => "βάρη επισημειωτών",
        Feature::SeveralSpans => "όλα τα διαστήματα ενός επισημειωτή εκτός από το πρώτο",
        Feature::MixedNoAnswer => "επισημειωτές που λένε «καμία απάντηση» δίπλα σε άλλους",
        Feature::Unlabelled => "ότι κανείς δεν έχει επισημειώσει ένα κείμενο (διαβάζεται ως «καμία απάντηση»)",
        Feature::EdgeBlanks => "κενά στις άκρες ενός διαστήματος",
        Feature::Scores => "τις βαθμολογίες του μοντέλου",
        Feature::Soft => "t_i που ορίστηκαν απευθείας",
        Feature::Confidence => "βαθμούς βεβαιότητας",
        Feature::Notes => "σημειώσεις",
        Feature::Titles => "τίτλους άρθρων",
    }
}

fn sentence_el(format: Format, records: usize, annotators: usize, skipped: usize) -> String {
    let plural = |count: usize, one: &str, many: &str| format!(", {count} {}", if count == 1 { one } else { many });
    let annotators = if annotators > 0 {
        plural(annotators, "επισημειωτής", "επισημειωτές")
    } else {
        String::new()
    };
    let skipped = if skipped > 0 {
        plural(skipped, "παραλείφθηκε", "παραλείφθηκαν")
    } else {
        String::new()
    };
    format!("{}{}{annotators}{skipped}", format_el(format), plural(records, "εγγραφή", "εγγραφές"))
}

/// Greek.
pub static EL: Words = Words {
    heading: "Αρχεία",
    reading: "διαβάζεται …",
    sentence: sentence_el,
    as_labels: "ετικέτες του παραπάνω κειμένου",
    as_model: "αρχείο μοντέλου",
    read_as: "Διάβασέ το ως",
    by_content: "ό,τι μοιάζει",
    show: "Δείξε",
    skipped: |count| {
        if count == 1 {
            "1 εγγραφή παραλείφθηκε".into()
        } else {
            format!("{count} εγγραφές παραλείφθηκαν")
        }
    },
    windows_1252: "Διάβασέ το ως Windows-1252",
    utf16: "Μέτρα σε μονάδες UTF-16",
    repair: "Μετάφερε τις απαντήσεις εκεί όπου υπάρχουν",
    name_labels: "Πάρε τα 0, 1, 2 για B, I, O",
    gold_column: |number| format!("Η στήλη ετικετών {number} είναι η χρυσή"),
    formats: "Τι κρατά κάθε μορφή",
    format: format_el,
    problem: problem_el,
    notice: notice_el,
    save_as: "Αποθήκευση ως",
    save: "Αποθήκευση",
    loses: |feature, records| format!("Αυτή η μορφή δεν κρατά {} ({records} εγγραφές).", feature_el(feature)),
};
