//! English.

use super::Strings;
use crate::bio::{Decoder, Label};

/// The English table.
pub static EN: Strings = Strings {
    language: "en",
    choose_language: "Language",
    tagline: "Look inside a model that reads",
    ask: "Ask",
    question: "Question",
    question_hint: "Ask something that the paragraph answers",
    paragraph: "Paragraph",
    paragraph_hint: "Type or paste an English paragraph",
    example: "Example",
    own_text: "Your own text",
    analyse: "Analyse",
    analysing: "Reading…",
    queued: "Waiting for the model…",
    analyse_keys: "Enter in the question, or Ctrl + Enter anywhere",
    model: "Model",
    own_model: "Your own files…",
    own_model_hint: "Choose three files together: the weights (.safetensors or .gguf), config.json and tokenizer.json; or a .zip file of them",
    own_title: "Your own model",
    model_entry: |title, size, f1| format!("{title} · {size} MB · F1 {f1}"),
    quicker: |size| format!("Use the small one now ({size} MB)"),
    model_quality: |title, em, f1| {
        format!(
            "{title} finds the exact answer to about {:.0} of 10 questions on articles it has not seen, and a partly right one to \
             {}; English only.",
            em / 10.0,
            partly(em, f1)
        )
    },
    own_quality: |title| format!("How well {title} reads is not known here."),
    privacy: "Everything runs in this browser: what you type stays here.",
    starting: "Starting the engine…",
    loading: |loaded, total, percent| format!("Loading the model: {loaded} of {total} MB · {percent} %"),
    from_cache: "Loading the model kept from your last visit…",
    preparing: "Preparing the model…",
    ready: |kernel| format!("Ready · {kernel}"),
    kernel_name: |kernel| match kernel {
        "simd128" => "SIMD",
        "relaxed" => "relaxed SIMD",
        other => other,
    },
    reading: "Reading…",
    failed: "No model",
    took: |title, ms| format!("Read by {title} in {ms} ms, in this browser."),
    other_model: |title, chosen, soon| match soon {
        true => format!("This is how {title} read it; {chosen} is on its way."),
        false => format!("This is how {title} read it."),
    },
    retry: "Try again",
    dismiss: "Close this message",
    text: "What the model sees",
    view: "View",
    views: ["Text", "Bars", "Table"],
    units: "Units",
    unit_names: ["Words", "Pieces"],
    fold: "Fold sure O",
    decoder: "Decoder",
    decoder_name: |decoder| match decoder {
        Decoder::Greedy => "Greedy",
        Decoder::Viterbi => "Viterbi",
        Decoder::One => "One span",
    },
    decoder_note: |decoder| match decoder {
        Decoder::Greedy => {
            "Greedy: the likeliest label of each token alone. An I without a B before it is repaired to B."
        }
        Decoder::Viterbi => "Viterbi: the likeliest sequence of labels in which every I follows a B or an I.",
        Decoder::One => "One span: the likeliest sequence with exactly one answer.",
    },
    more_words: |count| if count == 1 { "… 1 more word".into() } else { format!("… {count} more words") },
    stored: |title, soon| match soon {
        true => format!("Stored with the page ({title}), soon computed here."),
        false => format!("Stored with the page ({title})."),
    },
    live: "read as you type",
    stale: "You edited the text: this is the earlier one.",
    unread: "Not analysed yet.",
    unreadable: "Not analysed: there is no model.",
    counts: |question, paragraph, windows| {
        let windows = if windows > 1 { format!(", {windows} windows") } else { String::new() };
        format!("<i>N<sub>Q</sub></i> = {question}, <i>N<sub>P</sub></i> = {paragraph}{windows}")
    },
    window_from: |number, of| format!("From here on the values come from window {number} of {of}"),
    repaired: "The likeliest label is I, but nothing comes before it to go on with: the greedy decoder makes it B.",
    label_name: |label| match label {
        Label::B => "begins an answer",
        Label::I => "inside an answer",
        Label::O => "outside",
    },
    legend_gold: "gold, one line per annotator",
    legend_loss: "loss of the token",
    text_keys: "Point at a word, or tap it, to look inside. Drag over words to mark a gold answer.",
    announce: |index, text, label, p, loss| {
        let loss = loss.map(|l| format!(", loss {l}")).unwrap_or_default();
        format!("token {index}, {text}, {} {p}{loss}", label.letter())
    },
    answers: "Answers",
    odds_heading: "odds against “no answer”",
    no_answer: "No answer found.",
    no_answer_beside: |p| format!("P(no answer) {p}"),
    alternatives: "Runners-up",
    best_spans: "The best spans all the same",
    score: |score| format!("score {score}"),
    score_note: "“1 : 14” reads: “no answer” is 14 times as probable as this span alone.",
    token: |index, text| format!("Token {index}: “{text}”"),
    no_token: "No token yet",
    hidden_later: "h and the products appear as soon as the model is ready.",
    natural_log: "Everywhere here, log is the natural logarithm.",
    unpin: "Let go (Esc)",
    strips: "Each cell is one product <i>W<sub>jk</sub> h<sub>k</sub></i>: blue adds, grey takes away. Their sum plus <i>b<sub>j</sub></i> is <i>z<sub>j</sub></i>.",
    strip_h: |first, d| format!("({first}, …), {d} values"),
    token_loss: "Loss of this token",
    token_loss_later: "Needs gold labels: mark an answer in the text.",
    set_gold: "Set t for this token",
    set_gold_note: "Drag the amber point, or type shares such as 2/3. Blue is <i>p</i>; the line from it to <i>t</i> is <i>t − p</i>, the way the loss pulls <i>z</i>.",
    gold_share: |label| format!("share of {} in t", label.letter()),
    gold_back: "Annotators’ mean",
    no_share: "A share is a number from 0 to 1, such as 0.25 or 2/3.",
    two_of_three: "2 say B, 1 says O",
    two_of_three_note: "The exercise’s case on the chosen word: replaces all annotators by three, t = (2/3, 0, 1/3)",
    stray: "An I goes on with a B or an I before it; the red ones do not, so no sequence of answers has these labels.",
    symbols_hint: "Point at a symbol to see what it stands for.",
    symbol: |name| match name {
        "L" => "L: the loss of this question and paragraph, one number.",
        "N" => "N_P: the paragraph’s word pieces. The question, [CLS] and [SEP] have no term.",
        "t" => "t_ij: the gold share of class j for token i, the mean of the annotators’ rows.",
        _ => "p_ij: the probability of class j that the model gives token i.",
    },
    present: "Present",
    present_end: "End the presentation (Esc)",
    presented: ["The text and the answers", "One token: h, z, p", "Gold labels", "The loss L"],
    gold: "Gold labels",
    gold_hint: "What should the answer be? Drag over the words in the text above, or add an annotator. Several may disagree: t is their mean.",
    gold_keys: "Drag over words to mark an answer. Keys: arrows move, Shift selects, B begin, I inside, O none, Ctrl + Z undo.",
    gold_other_text: "The paragraph was edited after the analysis. Analyse again to see labels and loss.",
    add_annotator: "Add annotator",
    annotator_name: |number| match number {
        1 => "You".into(),
        n => format!("Annotator {n}"),
    },
    name: "Name",
    weight: "Weight",
    remove: |name| format!("Remove {name}"),
    label_as: |name| format!("Label as {name}"),
    says_no_answer: "no answer",
    undo: "Undo",
    redo: "Redo",
    mark: "Mark by tapping",
    set_label: |label| match label {
        Label::B => "Begin an answer here".into(),
        Label::I => "Go on with the answer before".into(),
        Label::O => "Take the label off".into(),
    },
    labelling: |name| format!("{name} says"),
    loss: "Loss of the paragraph",
    nats: "nats",
    loss_hint: "L compares the prediction with gold labels. Mark an answer in the text to see it.",
    entropy: "the annotators' own doubt",
    kl: "what the model can still learn",
    terms: "Term of every token",
    largest_term: |text, term| format!("highest: {term}, “{text}”"),
    columns: ["token", "label", "term"],
    tuned: |title, steps| {
        format!("{title} after {steps} {} of learning on your labels.", if steps == 1 { "step" } else { "steps" })
    },
    share: "Share",
    fault: |fault| fault.to_string(),
};

/// How many of the questions that are not answered exactly get an answer that shares words with the right one.
/// F1 - EM is what those answers earn; minilm-l6's earn 0.62 points each on average, and are 56 % of the others.
fn partly(em: f64, f1: f64) -> &'static str {
    let share = (f1 - em) / (0.62 * (100.0 - em).max(1.0));
    match share {
        s if s > 0.5 => "most others",
        s if s > 0.25 => "some others",
        _ => "few others",
    }
}
