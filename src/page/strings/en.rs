//! English.

use crate::bio::{Decoder, Label};
use crate::display::format::{fixed, megabytes, probability};
use crate::exercise::{Facts, Step};
use crate::metrics::benchmark::{self, Kind};
use crate::self_test::{Found, GRADIENT_LIMIT, KL_LIMIT, KernelReason, State, Test, Tokens, Why};

use super::scores::tenths;
use super::{
    CarryWords, ExerciseWords, GuideWords, LearningWords, ScoreWords, SelfTestWords, ShareWords, Strings, VersionsWords,
};

/// The English table.
pub static EN: Strings = Strings {
    language: "en",
    choose_language: "Language",
    tagline: "Look inside a model that reads",
    ask: "Ask",
    question: "Question",
    question_hint: "Ask something that the paragraph answers",
    question_truncated: |pieces| {
        format!("The question is long: its first {pieces} word pieces are read, the rest is not.")
    },
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
    b_bias_note: |bias, signed| {
        let effect = if bias > 0.0 { "more" } else { "fewer" };
        format!(
            "For this model Viterbi adds {signed} to every log p_B and so marks {effect} answers; p and the loss stay as they are."
        )
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
    exercise: ExerciseWords {
        heading: "The exercise, with these numbers",
        tabs: [
            "The model",
            "(a) p from h",
            "(b) The loss",
            "(c) 1-hot",
            "The gradient",
            "Learning",
            "Change a word",
            "Decoding",
        ],
        token: "Token",
        term: "Term",
        picture: |question, paragraph, d| {
            format!(
                "BERT reads <i>N<sub>Q</sub></i> = {question} word pieces of the question and <i>N<sub>P</sub></i> = {paragraph} of the paragraph at once, and gives each \
                 a vector <i>h<sub>i</sub></i> ∈ ℝ<sup>{d}</sup>. Only the paragraph's go on: <i>W</i> ∈ ℝ<sup>3×{d}</sup> and <i>b</i> ∈ ℝ<sup>3</sup> ({} numbers) make \
                 <i>p<sub>i</sub></i>, and <i>p<sub>i</sub></i> goes into <i>L</i>.",
                3 * d + 3
            )
        },
        rows: ["Tokens"],
        picture_note: "Choose a token to light its path. Question tokens, [CLS] and [SEP] have an <i>h</i>, but no label and no term in <i>L</i>.",
        layer: |d| {
            format!(
                "<i>z<sub>i</sub></i> = <i>W h<sub>i</sub></i> + <i>b</i>: each logit is a sum of {d} products <i>W<sub>jk</sub> h<sub>ik</sub></i> and a bias. These count most:"
            )
        },
        rest: "all other products",
        bias: "bias <i>b</i>",
        softmax: "Softmax: from logits to probabilities",
        what_if: "What if a logit were different?",
        what_if_note: "Move one logit and see all three probabilities move: they always add up to 1.",
        reset: "Back to the model's",
        logit: |label| format!("Logit of {}", label.letter()),
        sum_over: |question, paragraph| {
            format!(
                "The outer sum runs over the <i>N<sub>P</sub></i> = {paragraph} paragraph tokens alone: the question's <i>N<sub>Q</sub></i> = {question} are read, but carry no label. \
                 Each term is <i>H</i>(<i>t<sub>i</sub></i>), which no model can avoid, plus KL(<i>t<sub>i</sub></i> ‖ <i>p<sub>i</sub></i>), which it can still learn."
            )
        },
        other_terms: |count| if count == 1 { "1 other token".into() } else { format!("{count} other tokens") },
        own_losses: "Each annotator's own loss",
        annotator: "Annotator",
        share: "Share",
        weighted_mean: "Weighted mean = L",
        linear: "L is linear in t, and t is the annotators' weighted mean: so L is the weighted mean of the losses against each of them.",
        not_linear: |count| {
            format!(
                "Not L: {count} t_i {} set directly, so t is not the annotators’ mean there.",
                if count == 1 { "is" } else { "are" }
            )
        },
        agreement: "How far they agree",
        observed: "Pairs that agree, per token",
        cohen: "Cohen's κ",
        fleiss: "Fleiss' κ",
        alpha: "Krippendorff's α",
        undefined: "undefined",
        agreement_means: |kappa| match kappa {
            None => "All labels are of one class: chance alone would agree on everything, so κ and α are undefined.",
            Some(k) if k > 0.8 => "1 is perfect agreement, 0 what chance gives: these annotators nearly always agree.",
            Some(k) if k > 0.4 => {
                "1 is perfect agreement, 0 what chance gives: these annotators agree on the place, not on all words."
            }
            Some(k) if k > 0.0 => {
                "1 is perfect agreement, 0 what chance gives: these annotators mostly mark different words."
            }
            Some(_) => "0 is what chance gives: these annotators agree no more than that.",
        },
        assume: "Assume every tᵢ is 1-hot (the annotators' majority)",
        not_one_hot: "These annotators disagree, so some tᵢ have several shares above 0 and all their terms stay. Turn the switch on to see what a majority vote would make of them.",
        steps: [
            "The loss of part (b).",
            "What is multiplied by 0 adds nothing: p<sub>ij</sub> > 0, so log p<sub>ij</sub> is finite and 0 · log p<sub>ij</sub> = 0. The factor 1 drops out.",
            "The same holds for every token: of its three terms only the one of its class r(i) is left. The minus sign stays; some hand-outs lose it here.",
        ],
        step_token: |number, text, class, tie| {
            let tie = if tie { " (another class has as many votes; the first of B, I, O is taken)" } else { "" };
            format!(
                "For token {number}, “{text}”, r({number}) = {}{tie}: t is 1 there and 0 elsewhere.",
                class.letter()
            )
        },
        step_sum: |count| format!("All {count} tokens added up."),
        ties: |count| match count {
            1 => "One token has no majority.".into(),
            n => format!("{n} tokens have no majority."),
        },
        soft_loss: "L against t",
        hard_loss: "L against the majority",
        difference: "Difference",
        likelihood: |p| {
            format!(
                "The 1-hot L is − log of the product of all p<sub>i,r(i)</sub>, here {p}: to lower L is to raise the probability of the labels, which is maximum likelihood."
            )
        },
        gradient: "<i>∂L</i>/<i>∂z<sub>i</sub></i> = <i>p<sub>i</sub></i> − <i>t<sub>i</sub></i>, because the shares of <i>t<sub>i</sub></i> add up to 1. A step of training moves each logit the other way: \
            grey ones up, blue ones down.",
        largest_gradients: "Where the model has most to learn",
        onward: "On into the dense layer and into BERT",
        jointly: "The first two train <i>W</i> and <i>b</i>; the last one flows into BERT, layer by layer down to the embeddings. That is what “jointly” means.",
        decoding: "The model gives each token a distribution; a decoder makes answers of them. It changes no p and no loss.",
        likeliest: "Likeliest",
        repaired_mark: " (was I)",
        all_outside: |count| {
            if count == 1 {
                "1 token that all leave outside".into()
            } else {
                format!("{count} tokens that all leave outside")
            }
        },
        sequence_log_p: "log p of all labels",
        best_score: "Best span's odds against none",
        p_no_answer: |p| {
            format!("P(no answer) = {p}: the probability that every token is O, among all valid sequences.")
        },
        windows: "Windows",
        window: |number, first, last| format!("Window {number}: tokens {first} to {last}"),
        windows_note: "Long paragraphs are read in overlapping windows. Where two overlap, a token's values come from the one that shows more text on both sides of it (solid).",
        one_window: "This paragraph fits into one window of 384 positions.",
        copy_latex: "Copy as LaTeX",
        copied: "Copied",
        open: "Open…",
        print: "Print",
    },
    guide: GuideWords {
        begin: "Work through it, step by step",
        promise: "Ten questions about a sentence of five tokens, with h in 128 dimensions as in the exercise. Your own text comes back with Undo.",
        heading: "Step by step",
        annotators: ["Ana", "Ben", "Cleo"],
        place: |at, of, done| format!("{at} of {of} · {done} answered"),
        waiting: "One moment: the model is reading the sentence. (If you changed the text, begin again.)",
        answer: "Your answer, a number",
        check: "Check",
        hint: "A hint",
        reveal: "Show me",
        back: "Back",
        next: "Next",
        close: "Leave the guide",
        right: "Yes.",
        wrong: "Not quite. Look again, or take a hint.",
        unreadable: "That is no number. Type something like 0.81 or 2/3.",
        questions: question,
        choices: |step| match step {
            Step::Carriers => &["All tokens", "The paragraph's tokens", "The question's tokens", "[CLS] alone"],
            Step::Vanishes => &["t = 0", "p = 0", "p is small", "z = 0"],
            Step::Direction => &["It goes up", "It goes down"],
            Step::Trained => &["W and b", "BERT", "W, b and BERT", "t"],
            _ => &[],
        },
        hints: |step| match step {
            Step::Parameters => "W is 3 × d: one row for each of B, I, O. And b has one number for each.",
            Step::Carriers => "In the picture, see which columns go on below <i>h</i>.",
            Step::Softmax => {
                "p<sub>B</sub> = e<sup>z<sub>B</sub></sup> / (e<sup>z<sub>B</sub></sup> + e<sup>z<sub>I</sub></sup> + e<sup>z<sub>O</sub></sup>)."
            }
            Step::Gold => "Each annotator's label is a 1-hot vector; t is their mean.",
            Step::Term => {
                "−(t<sub>B</sub> log p<sub>B</sub> + t<sub>O</sub> log p<sub>O</sub>); the I adds nothing, because t<sub>I</sub> = 0. log is the natural logarithm."
            }
            Step::Floor => "L = H(t) + KL(t ‖ p), and KL is 0 when p = t.",
            Step::Vanishes => "Which factor of t log p can be exactly 0? Softmax never gives p = 0.",
            Step::Left => "Two of the three t are 0.",
            Step::Direction => {
                "∂L/∂z<sub>B</sub> = p<sub>B</sub> − t<sub>B</sub>, and a step goes against the gradient."
            }
            Step::Trained => "The gradient goes on through h<sub>i</sub>.",
        },
        why: reason,
    },
    versions: VersionsWords {
        intro: "Change a word of the question or the paragraph, analyse, and see what else it changes: every p, the answers, L.",
        none: "Nothing to compare with yet: change the text above and analyse it.",
        other_text: "The text before was another one. Change a word of this one, or keep it to compare with.",
        keep: "Compare with the text as it is now",
        kept: "This is the version that later ones are compared with.",
        legend: "Crossed out: taken out. Underlined: put in. The redder a token, the more of its probability has moved.",
        token: "Token",
        before: "Before",
        now: "Now",
        moved: "moved (½ Σ |Δp|)",
        answers: "Answers",
        no_answer: "(none)",
    },
    carry: CarryWords {
        storage: "Kept in this browser",
        kept: |mb| format!("Kept in this browser: {mb} MB."),
        offline: "Opens without a network.",
        online: "Does not open without a network yet.",
        blocked: "This browser keeps nothing for this page: storage is blocked. Everything works, but the model is downloaded at every visit.",
        full: "The model could not be kept: storage is full or blocked. Everything works, but it is downloaded at every visit.",
        pages: "The page and its programs",
        earlier: "Models of other versions",
        megabytes: |mb| format!("{mb} MB"),
        partly: |mb, all| format!("{mb} of {all} MB; the rest comes when it is chosen"),
        delete: |what| format!("Delete: {what}"),
        delete_short: "Delete",
        delete_all: "Delete all",
        storage_note: "Your text and labels are kept here too, and nowhere else. What is deleted is downloaded again when it is needed.",
        single: "This one file holds the page, the engine and the model. It needs no network; only your text and labels are kept in the browser.",
        update: "A newer version of this page is here.",
        reload: "Show it",
        requests: |n| match n {
            1 => "1 network request since the model was loaded".into(),
            n => format!("{n} network requests since the model was loaded"),
        },
        licences: "Licences",
        requests_before: "The model is being loaded",
        requests_note: "The browser itself counts, in the page and in the engine. The page's security policy allows requests to its own site only; what you type is in none of them.",
    },
    scores: ScoreWords {
        entry: "How well they read…",
        open: "Scores by kind of question",
        heading: "How well the models read",
        close: "Close the scores",
        intro: "Percent, measured on questions that the models have not learnt from. Where every question has several answers, all marked spans count; where half have none, a threshold decides whether to answer.",
        exact: "exactly right",
        partly: "F1: also what is right in part",
        never: "never answering",
        questions: "Questions",
        kind: |kind| match kind {
            Kind::Articles => "on encyclopaedic articles",
            Kind::NewArticles => "on newer articles",
            Kind::Posts => "on forum posts",
            Kind::Reviews => "on product reviews",
            Kind::Search => "typed into a search engine",
            Kind::Several => "with several answers",
            Kind::Sentences => "about a single sentence",
            Kind::Unanswerable => "on articles, half without an answer",
            Kind::Other => "of another kind",
        },
        count: |count| format!("{count} questions"),
        unknown: "not measured",
        several: |title, all, any| {
            format!("{title} finds all of several answers in {}, one of them in {}.", of_ten(all), of_ten(any))
        },
        quality: |title, scores| {
            let on =
                |kind, what: &str| benchmark::of(scores, kind).map(|s| format!("to {} questions {what}", of_ten(s.em)));
            let exact: Vec<String> =
                [on(Kind::Articles, "on encyclopaedic articles"), on(Kind::Search, "as typed into a search engine")]
                    .into_iter()
                    .flatten()
                    .collect();
            let mut text = format!("{title} finds the exact answer {}", exact.join(" and "));
            if let Some(several) = benchmark::of(scores, Kind::Several).and_then(|s| s.several) {
                text += &format!(
                    "; it finds all of several answers in {}, one of them in {}",
                    of_ten(several.all),
                    of_ten(several.any)
                );
            }
            text + ". English only."
        },
    },
    self_test: SelfTestWords {
        heading: "Self-test",
        intro: "Does the engine compute in this browser what it should? Kernels, tokenizer, logits and gradients are compared with reference values (Hugging Face, PyTorch), \
                and the 8-bit engine with the same weights in f32 on your text. Workers of its own do it, one after the other; your text and the loaded model are left alone. \
                It takes some seconds, and memory as learning does.",
        run: "Run the self-test",
        stop: "Stop",
        progress: |done, of| format!("{done} of {of} …"),
        verdict: |passed, failed, skipped| {
            let part = |n: usize, what: &str| if n > 0 { format!(", {n} {what}") } else { String::new() };
            format!("{passed} passed{}{}", part(failed, "failed"), part(skipped, "not run"))
        },
        title: |test| match test {
            Test::Kernel => "Kernels",
            Test::Model => "Model",
            Test::Tokenizer => "Tokenizer",
            Test::Logits => "Logits, 8-bit engine",
            Test::Exact => "Logits, f32",
            Test::Gradients => "Gradients",
            Test::Difference => "8-bit against f32",
            Test::Timings => "Times and memory",
        },
        state: |state| match state {
            State::Waiting => "waiting",
            State::Running => "running",
            State::Passed => "passed",
            State::Failed => "failed",
            State::Skipped => "not run",
        },
        found: |found| match found {
            Found::Kernel { name, reason, comparisons } => {
                let reason = match reason {
                    KernelReason::Able => "because this browser has relaxed SIMD",
                    KernelReason::Unable => "because this browser has no relaxed SIMD",
                    KernelReason::Asked => "because the address asks for it",
                };
                format!("{name}, {reason}: {comparisons} comparisons, all equal to the portable kernel")
            }
            Found::Model { title, bytes, published } => {
                let published = if *published { ", SHA-256 as published" } else { "" };
                format!("{title}, {} MB{published}", megabytes(*bytes as u64))
            }
            Found::Tokens(Tokens { texts, count, wrong, first }) => {
                let first = first.as_ref().map(|first| format!(" ({first})")).unwrap_or_default();
                match wrong {
                    0 => format!("{texts} texts, {count} ids and offsets, all equal"),
                    _ => format!("{texts} texts, {wrong} of {count} ids and offsets differ{first}"),
                }
            }
            Found::Logits { worst, count, limit } => {
                format!("largest difference of {count}: {} (limit {limit})", probability(*worst))
            }
            Found::Gradients(g) => {
                let [loss, w, b, norms, shares] = [g.loss, g.w, g.b, g.norms, g.shares].map(probability);
                format!(
                    "relative differences: L {loss}, ∂L/∂W {w}, ∂L/∂b {b}, norms of {} tensors {norms}, gradient × input {shares} (limit {GRADIENT_LIMIT})",
                    g.tensors
                )
            }
            Found::Difference { summary: s, example } => {
                let text = if *example { "the first example" } else { "your text" };
                let [largest, mean, kl, mean_kl] = [s.largest, s.mean, s.largest_kl, s.mean_kl].map(probability);
                format!(
                    "{text}, {} tokens: largest |p_int8 − p_f32| {largest}, mean {mean}; largest KL {kl}, mean {mean_kl} nats (limit {KL_LIMIT}); labels that differ: {}",
                    s.tokens, s.labels
                )
            }
            Found::Timings(t) => {
                let ms = |ms: f64| fixed(ms, if ms < 1.0 { 2 } else { usize::from(ms < 10.0) });
                let mb = |bytes: usize| megabytes(bytes as u64);
                let step = t.step.map(|step| format!("; a step of learning {} ms", ms(step))).unwrap_or_default();
                let learner = t.learner.map(|bytes| format!(", learner {} MB", mb(bytes))).unwrap_or_default();
                format!(
                    "start {} ms, load {} ms; median of {}: tokenize {} ms, forward {} ms, decode {} ms{step}. WebAssembly memory: engine {} MB{learner}, page {} MB",
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
            Why::Own => "there are reference values for the shipped models only".into(),
            Why::NoReference(why) => format!("the reference values could not be fetched ({why})"),
            Why::Broken(why) => format!("the reference values are damaged ({why})"),
            Why::NoModel => "there is no model to ask".into(),
            Why::Stopped => "stopped".into(),
            Why::Error(fault) => fault.to_string(),
        },
        differences: "8-bit against f32, token by token",
        columns: ["token", "|p<sub>int8</sub> − p<sub>f32</sub>|", "KL", "label"],
        report: "Report",
        report_note: "For a message to whoever looks after this page. Nothing of your text is in it.",
        copy: "Copy",
        copied: "Copied.",
        by_hand: "The clipboard is out of reach: select the report and copy it.",
        save: "Save as a file",
    },
    learning: LearningWords {
        intro: "Correct the labels above, guess which bars will rise, and press Step: the gradient of <i>L</i> moves the weights, and every view shows the model as \
                it is after that. <b>Joint</b> trains BERT and the dense layer together, as in part (b); <b>head only</b> moves <i>W</i> and <i>b</i>. Leaving this tab brings the shipped model back.",
        which: "Which parameters move",
        joint: "Joint",
        head: "Head only",
        optimizer: "Optimiser",
        rate: "Learning rate",
        step: "Step",
        play: "Play",
        stop: "Stop",
        reset: "Reset",
        starting: "Starting a second engine for learning…",
        stepping: "One step: forward, backward, update…",
        explaining: |done, total| format!("Explaining: pass {done} of {total}"),
        ready: "Nothing learned yet.",
        stepped: |step, before, after, ms| format!("Step {step}: L {before} → {after}, in {ms} ms."),
        curve: "L after every step, above its floor H",
        token: "Token",
        before: "p before",
        after: "p now",
        moved: "How far the last step moved each part (L2 norm)",
        layer: |k| format!("layer {k}"),
        embeddings: "embeddings",
        head_part: "W, b",
        why: "Why this p?",
        explain: |label| format!("Explain p of {}", label.letter()),
        explained: |token, label| {
            format!("What each input token adds to the log odds of {} at token {token}", label.letter())
        },
        method: "Method",
        integrated: "Integrated gradients",
        gradient: "Gradient × input",
        complete: |value, baseline, error| {
            format!(
                "Log odds {value}; with every word masked {baseline}. The shares add up to the difference with an error of {error} %."
            )
        },
        why_note: "Choose a token in the text, then a class. Blue adds to <i>log(p/(1−p))</i>, red takes away.",
        working: "One moment…",
        stepping_through: |done, total| format!("One step: layer {done} of {total} on the ways up and down"),
        checking_first: |done, total| format!("Reading other questions before the first step: {done} of {total}"),
        checking: |done, total| format!("Reading the other questions again: {done} of {total}"),
        save: "Save the model",
        save_note: "Weights, config.json and tokenizer.json in one .zip file: open it again by the model picker, or by bioscope analyse --model",
        predict: |token| format!("Predict the next step: which p of {token} will rise (▲), which will fall (▼)?"),
        predict_name: |label, up| format!("p of {} will {}", label.letter(), if up { "rise" } else { "fall" }),
        predicted: |right, said, changes| format!("{right} of {said} as you predicted: {changes}"),
        collect: "Collect this text",
        collect_none: "Learns from the text and labels on show. Collect several to learn from all of them together.",
        collect_some: |n| match n {
            1 => "Learns from the one text collected here, whatever is on show:".into(),
            n => format!("Learns from the mean L of these {n} texts, whatever is on show:"),
        },
        drop: |question| format!("Take out: {question}"),
        drop_short: "Take out",
        held_out: "Other questions, which it does not learn from",
        held_out_summary: |changed, of, before, after| {
            let verb = if changed == 1 { "answer has" } else { "answers have" };
            format!("{changed} of {of} {verb} changed; their mean L went from {before} to {after}.")
        },
        other_question: "Question",
        answer_before: "As shipped",
        answer_now: "Now",
        no_answer: "(no answer)",
        compare: "Head only or joint?",
        compare_note: |steps| {
            format!(
                "Makes {steps} steps of each on the same labels, both from the shipped weights, and puts them side by side. Steps made so far are taken back; the joint ones stay."
            )
        },
        compare_go: "Compare",
        compare_loss: "L",
        compare_kl: "of KL(t || p) gone",
        compare_head: "W, b moved (sum of the steps' norms)",
        compare_bert: "BERT moved",
        compare_changed: "other answers changed",
        compare_others: "mean L of the other questions",
        compare_time: "time of a step",
        attention: "Attention",
        attention_layer: "Layer",
        attention_heads: "Heads",
        attention_head: |k| format!("head {k}"),
        attention_mean: "mean",
        attention_elsewhere: "The token is read in another window: press the layer again.",
        attended: |token, layer, head| format!("How much “{token}” takes of every position, layer {layer}, {head}"),
        attention_note: "Choose a token in the text, then a layer. In a picture, rows take from columns and every row adds up to 1. \
                         Attention says where a layer looks, not what the answer is due to.",
    },
    files: &super::files::EN,
    sharing: ShareWords {
        heading: "A link to this text and its labels",
        link: "Link",
        copy: "Copy",
        copied: "The link is copied.",
        by_hand: "Copy the link from the field.",
        size: |size| {
            format!("{size} kB. Question, paragraph and labels are in the link itself; no server gets to see them.")
        },
        long: "Some programs cut links of this length: a file saved as JSON is safer.",
        hide: "Without labels, and the model's answers hidden until one has marked an answer or asks for them",
        guided: "Open the guided exercise only",
        close: "Close",
        opened: "Opened from a link. “Undo” brings back what you had before.",
        hidden_note: "The model's answers are hidden until you have marked one yourself: drag over the words in the text.",
        show: "Show them now",
        guided_note: "This is the guided exercise alone.",
        whole: "Open the whole page",
        class: "A class's labels",
        class_note: "Drop the files that everybody has saved as JSON anywhere on the page, or choose them here, or paste links. Every annotator in them becomes one of the annotators above, and t is all of them together.",
        choose: "Choose files…",
        paste: "Links, one per line",
        add: "Add the links",
        keep: "Keep the annotators that are here",
        summary: |entries, added, annotators| {
            format!("{added} of {entries} taken in; there are {annotators} annotators now.")
        },
        added: |annotators, direct| {
            let left_out = match direct {
                0 => String::new(),
                n => format!("; {n} directly set t left out, because they are nobody's label"),
            };
            format!("{annotators} {}{left_out}", if annotators == 1 { "annotator" } else { "annotators" })
        },
        other_text: "not taken: it is about another paragraph",
        other_question: "not taken: it answers another question",
        duplicate: |of| match of {
            "" => "not taken: its annotators are here already".into(),
            of => format!("not taken: the same as {of}"),
        },
        unlabelled: "nothing to take: nobody has labelled",
        adopt: "Take over their text",
        count_doubles: "Count the duplicates too",
        heat: "Where they disagree",
        heat_note: "The stronger a word is coloured, the larger <i>H</i>(<i>t<sub>i</sub></i>): 0 where all agree, log 3 ≈ 1.10 nats where each class has a third.",
        heat_token: |number, text, entropy, [b, i, o]| {
            format!("{number} “{text}”: H = {entropy} nats; B {b}, I {i}, O {o}")
        },
        disputed: "Most disputed",
        undisputed: "Everybody agrees on every word.",
        book: "Questions from a file",
        book_note: "Open files with questions, texts or labels, or drop them on the page: SQuAD, CoNLL, doccano, Label Studio, Prodigy, brat, WebAnno, tables, plain text. They stay in this browser.",
        open: "Open a file…",
        opening: |name| format!("Reads {name}…"),
        holds: |name, count| format!("{name}: {} question{}", count, if count == 1 { "" } else { "s" }),
        search: "Search questions and paragraphs",
        nothing: "Nothing found.",
        listed: |first, last, of| format!("{first} to {last} of {of}"),
        previous: "Previous",
        next: "Next",
        go_to: "Go to number",
        score: "Score these",
        how_many: "How many",
        scoring: |done, of| format!("{done} of {of} read…"),
        stop: "Stop",
        means: |count, loss, em, f1| {
            format!(
                "Mean of {count} question{}: L = {loss} nats, EM {em} %, F1 {f1} %.",
                if count == 1 { "" } else { "s" }
            )
        },
        columns: ["#", "Question", "L", "EM", "F1", "Answer"],
        none: "no answer",
        more: |count| format!("… and {count} more; sort by another column to see others."),
        by: |decoder| format!("Answers by the decoder chosen above ({decoder})."),
        drop: "Drop here: a model's three files, saved labels, or questions",
        too_large: |size, most| format!("it has {size} MB, and at most {most} are read"),
    },
};

/// A share in percent for the ear.
fn of_ten(percent: f64) -> String {
    match tenths(percent) {
        Some(n) => format!("{n} of 10"),
        None => "fewer than 1 of 10".into(),
    }
}

fn question(step: Step, facts: &Facts) -> String {
    let (n, d) = (facts.token + 1, facts.d);
    match step {
        Step::Parameters => format!("BERT's <i>h<sub>i</sub></i> has {d} numbers here. How many parameters has the dense layer, <i>W</i> and <i>b</i> together?"),
        Step::Carriers => "Which tokens have a term in the loss <i>L</i>?".into(),
        Step::Softmax => format!(
            "Token {n} has <i>z</i> = ({:.2}, {:.2}, {:.2}) for B, I, O. Calculate <i>p</i><sub>{n},B</sub> to two decimals. (A pocket calculator will do.)",
            facts.z[0], facts.z[1], facts.z[2]
        ),
        Step::Gold => format!("Ana and Ben say B for token {n}, Cleo says O. What is <i>t</i><sub>{n},B</sub>?"),
        Step::Term => format!(
            "With <i>p</i><sub>{n}</sub> = ({:.3}, {:.3}, {:.3}): what does token {n} add to <i>L</i>?",
            facts.p[0], facts.p[1], facts.p[2]
        ),
        Step::Floor => "However good the model becomes: what is the least that <i>L</i> can be with these three annotators?".into(),
        Step::Vanishes => "Now the switch in (c): every <i>t<sub>i</sub></i> is 1-hot. When does a product <i>t<sub>ij</sub></i> log <i>p<sub>ij</sub></i> vanish?".into(),
        Step::Left => "How many of a token's three products are left then?".into(),
        Step::Direction => format!(
            "Back to three annotators: <i>p</i><sub>{n},B</sub> = {:.3} and <i>t</i><sub>{n},B</sub> = 2/3. What does a step of training do to <i>z</i><sub>{n},B</sub>?",
            facts.p[0]
        ),
        Step::Trained => "“Jointly”: what does that step change?".into(),
    }
}

fn reason(step: Step, facts: &Facts, right: &str) -> String {
    match step {
        Step::Parameters => format!("3 × {} + 3 = {right}.", facts.d),
        Step::Carriers => {
            "Only the paragraph's tokens carry a label; question, [CLS] and [SEP] are read, but not tagged.".into()
        }
        Step::Softmax => format!("It is {right}."),
        Step::Gold => format!("Two of three 1-hot vectors have their 1 at B: {right}."),
        Step::Term => format!("It is {right} nats."),
        Step::Floor => format!("H(t) = {right} nats: only that token is in doubt, and KL can fall to 0."),
        Step::Vanishes => "t = 0: then 0 · log p = 0, whatever p > 0 is.".into(),
        Step::Left => {
            "One: the class r(i), with the factor 1. So L = − Σ log p<sub>i,r(i)</sub>, minus sign included.".into()
        }
        Step::Direction => {
            let (sign, way) = if facts.p[0] > facts.t[0] { ("positive", "down") } else { ("negative", "up") };
            format!("p − t = {:.3} is {sign}, so the logit goes {way}.", facts.p[0] - facts.t[0])
        }
        Step::Trained => "All of them: W and b by (p − t) hᵀ and p − t, and BERT by Wᵀ (p − t), layer by layer.".into(),
    }
}
