# The language's own name.
language-name = English
# Label of the choice of languages.
choose-language = Language
# What the page does, in a line.
tagline = Look inside a model that reads
# Heading of the part where text is typed.
ask = Ask
# Label of the question.
question = Question
# Shown in an empty question.
question-hint = Ask something that the paragraph answers
# ($pieces) 
question-truncated = The question is long: its first { $pieces } word pieces are read, the rest is not.
# Label of the paragraph.
paragraph = Paragraph
# Shown in an empty paragraph.
paragraph-hint = Type or paste an English paragraph
# Label of the example picker.
example = Example
# The entry for text that is no example.
own-text = Your own text
# The button.
analyse = Analyse
# The button while an analysis runs.
analysing = Reading…
# The button while the request waits for the model.
queued = Waiting for the model…
# The keys that do the same.
analyse-keys = Enter in the question, or Ctrl + Enter anywhere
# Label of the model picker.
model = Model
# The entry for the user's own model.
own-model = Your own files…
# What to choose for it.
own-model-hint = Choose three files together: the weights (.safetensors or .gguf), config.json and tokenizer.json; or a .zip file of them
# The user's own model, once it is loaded.
own-title = Your own model
# ($title, $size, $f1) An entry of the model picker: title, MB, F1 in percent.
model-entry = { $title } · { $size } MB · F1 { $f1 }
# ($size) Gives up a long download for the smallest model: MB.
quicker = Use the small one now ({ $size } MB)
# ($title) The same of a model without scores: title.
own-quality = How well { $title } reads is not known here.
# That nothing leaves the browser.
privacy = Everything runs in this browser: what you type stays here.
# Status before the first byte.
starting = Starting the engine…
# ($loaded, $total, $percent) Status while bytes arrive: loaded MB, total MB, percent.
loading = Loading the model: { $loaded } of { $total } MB · { $percent } %
# Status while bytes come from an earlier visit.
from-cache = Loading the model kept from your last visit…
# Status after the last byte.
preparing = Preparing the model…
# ($kernel) Status of a loaded model: the kernel's name.
ready = Ready · { $kernel }
# ($kernel) A kernel, for people.
kernel-name = { $kernel ->
        [simd128] SIMD
        [relaxed] relaxed SIMD
       *[other] { $kernel }
    }
# Status while an analysis runs.
reading = Reading…
# Status without a model.
failed = No model
# ($title, $ms) Who read the text, and how long it took in milliseconds.
took = Read by { $title } in { $ms } ms, in this browser.
# ($title, $chosen, $soon) The analysis is another model's: its title, the chosen one's, and whether that one comes soon.
other-model = { $soon ->
        [true] This is how { $title } read it; { $chosen } is on its way.
       *[false] This is how { $title } read it.
    }
# Tries the model again.
retry = Try again
# Closes a message.
dismiss = Close this message
# Heading of the analysed text.
text = What the model sees
# Name of the choice of views.
view = View
# The three views.
views =
    .item1 = Text
    .item2 = Bars
    .item3 = Table
# Name of the choice of units.
units = Units
# The two units.
unit-names =
    .item1 = Words
    .item2 = Pieces
# Folds what is surely outside.
fold = Fold sure O
# Label of the decoder picker.
decoder = Decoder
# A decoder's name.
decoder-greedy = Greedy
# A decoder's name.
decoder-viterbi = Viterbi
# A decoder's name.
decoder-one = One span
# What a decoder does.
decoder-note-greedy = Greedy: the likeliest label of each token alone. An I without a B before it is repaired to B.
# What a decoder does.
decoder-note-viterbi = Viterbi: the likeliest sequence of labels in which every I follows a B or an I.
# What a decoder does.
decoder-note-one = One span: the likeliest sequence with exactly one answer.
# ($signed, $more) What a bias on B does: a signed number of nats, whether it is above 0.
b-bias-note = For this model Viterbi adds { $signed } to every log p_B and so marks { $more ->
        [true] more
       *[false] fewer
    } answers; p and the loss stay as they are.
# ($count) A folded run: how many words.
more-words = { $count ->
        [one] … 1 more word
       *[other] … { $count } more words
    }
# ($title, $soon) The analysis came with the page: the model's title, and whether it will be computed soon.
stored = { $soon ->
        [true] Stored with the page ({ $title }), soon computed here.
       *[false] Stored with the page ({ $title }).
    }
# Said beside the question when the model reads along.
live = read as you type
# The analysis is about an earlier text.
stale = You edited the text: this is the earlier one.
# No analysis yet.
unread = Not analysed yet.
# No analysis, and no model for one.
unreadable = Not analysed: there is no model.
# ($question, $paragraph, $windows) N_Q and N_P with their numbers and the number of windows, as HTML.
counts = <i>N<sub>Q</sub></i> = { $question }, <i>N<sub>P</sub></i> = { $paragraph }{ $windows ->
        [0] { "" }
        [1] { "" }
       *[other] , { $windows } windows
    }
# ($number, $of) Where the values come from the next window on: its number, and how many there are.
window-from = From here on the values come from window { $number } of { $of }
# The greedy decoder made an I a B.
repaired = The likeliest label is I, but nothing comes before it to go on with: the greedy decoder makes it B.
# Name of a class.
label-b = begins an answer
# Name of a class.
label-i = inside an answer
# Name of a class.
label-o = outside
# The legend's entries for gold and loss.
legend-gold = gold, one line per annotator
legend-loss = loss of the token
# How to mark and look.
text-keys = Point at a word, or tap it, to look inside. Drag over words with the mouse to mark a gold answer; with a finger, mark at “Labels”. Keys: arrows move, Shift selects, B, I and O label, E edits, Ctrl + Z undo.
# ($index, $text, $label, $p) Announces a token.
announce = token { $index }, { $text }, { $label } { $p }
# ($index, $text, $label, $p, $loss) The same with its loss.
announce-loss = token { $index }, { $text }, { $label } { $p }, loss { $loss }
# ($labels) Added where the token is labelled: every annotator's label.
announce-gold = gold { $labels }
# ($count, $first, $last) Added where several tokens are chosen, with the keyboard too.
announce-selected = { $count } tokens chosen, from { $first } to { $last }
# Heading of the answers.
answers = Answers
# What the odds compare with.
odds-heading = odds against “no answer”
# Nothing found.
no-answer = No answer found.
# ($p) P(no answer), which comes as `= 0.82` or `< 0.01`.
no-answer-beside = P(no answer) { $p }
# Heading of the runner-up spans.
alternatives = Other spans, each alone
# The same when there is no answer.
best-spans = The best spans all the same
# ($score) A span's score.
score = score { $score }
# How to read odds.
score-note = “1 : 14” reads: “no answer” is 14 times as probable as this span alone.
# ($index, $text) Heading of the inspector: index, text.
token = Token { $index }: “{ $text }”
# Without a token.
no-token = No token yet
# h comes with the model.
hidden-later = h and the products appear as soon as the model is ready.
# "log" is the natural logarithm.
natural-log = Everywhere here, log is the natural logarithm.
# Releases the pinned token.
unpin = Let go (Esc)
# What the strips show, as HTML.
strips = Each cell is one product <i>W<sub>jk</sub> h<sub>k</sub></i>: blue adds, grey takes away. Their sum plus <i>b<sub>j</sub></i> is <i>z<sub>j</sub></i>.
# ($first, $d) Caption of h: its first values and their number.
strip-h = ({ $first }, …), { $d } values
# Heading of the token's loss.
token-loss = Loss of this token
# Without gold labels.
token-loss-later = Needs gold labels: mark an answer in the text.
# Opens the control that sets t_i directly.
set-gold = Set t for this token
# What it shows, as HTML.
set-gold-note = Drag the amber point, or type shares such as 2/3. Blue is <i>p</i>; the line from it to <i>t</i> is <i>t − p</i>, the way the loss pulls <i>z</i>.
# ($label) A field of it: class.
gold-share = share of { $label } in t
# Gives t_i back to the annotators.
gold-back = Annotators’ mean
# What was typed is no share.
no-share = A share is a number from 0 to 1, such as 0.25 or 2/3.
# What was typed is no weight.
no-weight = A weight is a number of at least 0, such as 2 or 0.5.
# The preset of the exercise, and what it does.
two-of-three = 2 say B, 1 says O
two-of-three-note = The exercise’s case on the chosen word: replaces all annotators by three, t = (2/3, 0, 1/3)
# An I at the start or after O.
stray = An I goes on with a B or an I before it; the red ones do not, so no sequence of answers has these labels.
# Invites to point at the formula's symbols.
symbols-hint = Point at a symbol to see what it stands for.
# What a symbol of the formula is.
symbol-l = L: the loss of this question and paragraph, one number.
# What a symbol of the formula is.
symbol-n = N_P: the paragraph’s word pieces. The question, [CLS] and [SEP] have no term.
# What a symbol of the formula is.
symbol-t = t_ij: the gold share of class j for token i, the mean of the annotators’ rows.
# What a symbol of the formula is.
symbol-p = p_ij: the probability of class j that the model gives token i.
# Starts presenter mode.
present = Present
# Ends it.
present-end = End the presentation (Esc)
# Its views before the tabs.
presented =
    .item1 = The text and the answers
    .item2 = One token: h, z, p
    .item3 = Gold labels
    .item4 = The loss L
    .item5 = Where the annotators disagree
# Heading of the gold labels.
gold = Gold labels
# Without annotators.
gold-hint = What should the answer be? Drag over the words in the text above, or tap them after “Mark by tapping”, or add an annotator. Several may disagree: t is their mean.
# With annotators.
gold-keys = Drag over words to mark an answer, or tap them after “Mark by tapping”. Keys: arrows move, Shift selects, B begin, I inside, O none, Ctrl + Z undo.
# The gold labels belong to another text.
gold-other-text = The paragraph was edited after the analysis. Analyse again to see labels and loss.
# Adds an annotator.
add-annotator = Add annotator
# ($number) A new annotator's name.
annotator-name = { $number ->
        [1] You
       *[other] Annotator { $number }
    }
# Label of the name field.
name = Name
# Label of the weight field.
weight = Weight
# ($name) Removes: name.
remove = Remove { $name }
# ($name) Makes that annotator the one who labels: name.
label-as = Label as { $name }
# An annotator without spans.
says-no-answer = no answer
# Undo.
undo = Undo
# Redo.
redo = Redo
# Marks by tapping.
mark = Mark by tapping
# Sets a label: class.
set-label-b = Begin an answer here
# Sets a label: class.
set-label-i = Go on with the answer before
# Sets a label: class.
set-label-o = Take the label off
# ($name) Whose labels are set: name.
labelling = Labelling: { $name }
# Heading of L.
loss = Loss of the paragraph
# The unit.
nats = nats
# Without gold labels.
loss-hint = L compares the prediction with gold labels. Mark an answer in the text to see it.
# What H is: value.
entropy = the annotators' own doubt
# What KL is: value.
kl = what the model can still learn
# Heading of the terms.
terms = Term of every token
# ($text, $term) The largest term: its token's text, its value.
largest-term = highest: { $term }, “{ $text }”
# Table headings for token, label and loss term.
columns =
    .item1 = token
    .item2 = label
    .item3 = term
# ($title, $steps) What the line above the text says of a tuned model.
tuned = { $title } after { $steps } { $steps ->
        [one] step
       *[other] steps
    } of learning on your labels.
# Opens the panel with the link.
share = Share
# The first link of the page, for the keyboard: past the head.
skip = Skip to the content
# Name of the links to the page's places.
places-name = Places of this page
# The places: what one reads and asks, gold labels, the exercise, learning, a class's labels, questions from a file.
places =
    .item1 = Read
    .item2 = Labels
    .item3 = Exercise
    .item4 = Learning
    .item5 = Class
    .item6 = Questions
# Opens the paragraph's field.
edit = Edit
# Closes it.
done = Done
# How to open it, and that nothing is lost.
edit-keys = Edit the paragraph: click here, double-click a word or press E on it. Escape keeps what you have typed.
# While it is edited.
editing-keys = Escape or a click elsewhere analyses what you have typed; nothing is lost.
