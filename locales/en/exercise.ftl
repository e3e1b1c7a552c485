# Heading.
heading = The exercise, with these numbers
# The tabs: the model, (a), (b), (c), the gradient, learning, two versions, the decoders.
tabs =
    .item1 = The model
    .item2 = (a) p from h
    .item3 = (b) The loss
    .item4 = (c) 1-hot
    .item5 = The gradient
    .item6 = Learning
    .item7 = Change a word
    .item8 = Decoding
# Column heading of a token.
token = Token
# Column heading of a term.
term = Term
# ($question, $paragraph, $d, $parameters) Above the picture: N_Q, N_P, d, 3d + 3, as HTML.
picture = BERT reads <i>N<sub>Q</sub></i> = { $question } word pieces of the question and <i>N<sub>P</sub></i> = { $paragraph } of the paragraph at once, and gives each a vector <i>h<sub>i</sub></i> ∈ ℝ<sup>{ $d }</sup>. Only the paragraph's go on: <i>W</i> ∈ ℝ<sup>3×{ $d }</sup> and <i>b</i> ∈ ℝ<sup>3</sup> ({ $parameters } numbers) make <i>p<sub>i</sub></i>, and <i>p<sub>i</sub></i> goes into <i>L</i>.
# The picture's rows that are no symbols.
rows =
    .item1 = Tokens
# Below the picture, as HTML.
picture-note = Choose a token to light its path. Question tokens, [CLS] and [SEP] have an <i>h</i>, but no label and no term in <i>L</i>.
# ($d) Above (a): d, as HTML.
layer = <i>z<sub>i</sub></i> = <i>W h<sub>i</sub></i> + <i>b</i>: each logit is a sum of { $d } products <i>W<sub>jk</sub> h<sub>ik</sub></i> and a bias. These count most:
# The products that are not listed.
rest = all other products
# The bias, as HTML.
bias = bias <i>b</i>
# Heading of the softmax.
softmax = Softmax: from logits to probabilities
# Heading of the sliders.
what-if = What if a logit were different?
# What to do with them.
what-if-note = Move one logit and see all three probabilities move: they always add up to 1.
# Sets them back.
reset = Back to the model's
# ($label) A slider's name.
logit = Logit of { $label }
# ($question, $paragraph) Above (b): N_Q, N_P, as HTML.
sum-over = The outer sum runs over the <i>N<sub>P</sub></i> = { $paragraph } paragraph tokens alone: the question's <i>N<sub>Q</sub></i> = { $question } are read, but carry no label. Each term is <i>H</i>(<i>t<sub>i</sub></i>), which no model can avoid, plus KL(<i>t<sub>i</sub></i> ‖ <i>p<sub>i</sub></i>), which it can still learn.
# ($count) The terms that are not listed: their number.
other-terms = { $count ->
        [one] 1 other token
       *[other] { $count } other tokens
    }
# Heading of the annotators' own losses.
own-losses = Each annotator's own loss
# Column heading of an annotator.
annotator = Annotator
# Column heading of the share of the weights.
share = Share
# The last line: their mean.
weighted-mean = Weighted mean = L
# Why that is L.
linear = L is linear in t, and t is the annotators' weighted mean: so L is the weighted mean of the losses against each of them.
# ($count) Why it is not L when so many t_i were set directly.
not-linear = Not L: { $count } t_i { $count ->
        [one] is
       *[other] are
    } set directly, so t is not the annotators’ mean there.
# Heading of the agreement.
agreement = How far they agree
# Agreement as counted.
observed = Pairs that agree, per token
# Cohen's kappa.
cohen = Cohen's κ
# Fleiss' kappa.
fleiss = Fleiss' κ
# Krippendorff's alpha.
alpha = Krippendorff's α
# A figure that does not exist.
undefined = undefined
# What a kappa means, in a line.
agreement-undefined = All labels are of one class: chance alone would agree on everything, so κ and α are undefined.
# What a kappa means, in a line.
agreement-high = 1 is perfect agreement, 0 what chance gives: these annotators nearly always agree.
# What a kappa means, in a line.
agreement-place = 1 is perfect agreement, 0 what chance gives: these annotators agree on the place, not on all words.
# What a kappa means, in a line.
agreement-low = 1 is perfect agreement, 0 what chance gives: these annotators mostly mark different words.
# What a kappa means, in a line.
agreement-none = 0 is what chance gives: these annotators agree no more than that.
# The switch of (c).
assume = Assume every tᵢ is 1-hot (the annotators' majority)
# The switch is off, and t is not 1-hot.
not-one-hot = These annotators disagree, so some tᵢ have several shares above 0 and all their terms stay. Turn the switch on to see what a majority vote would make of them.
# Reasons of the first, third and fourth step, as HTML.
steps =
    .item1 = The loss of part (b).
    .item2 = What is multiplied by 0 adds nothing: p<sub>ij</sub> > 0, so log p<sub>ij</sub> is finite and 0 · log p<sub>ij</sub> = 0. The factor 1 drops out.
    .item3 = The same holds for every token: of its three terms only the one of its class r(i) is left. The minus sign stays; some hand-outs lose it here.
# ($number, $text, $class, $tie) Reason of the second step: the token's number and text, r(i), whether another class has as many votes.
step-token = For token { $number }, “{ $text }”, r({ $number }) = { $class }{ $tie ->
        [true] { " " }(another class has as many votes; the first of B, I, O is taken)
       *[false] { "" }
    }: t is 1 there and 0 elsewhere.
# ($count) Reason of the last step: N_P.
step-sum = All { $count } tokens added up.
# ($count) Tokens without a majority: their number.
ties = { $count ->
        [one] One token has no majority.
       *[other] { $count } tokens have no majority.
    }
# L against t.
soft-loss = L against t
# L against the majority.
hard-loss = L against the majority
# The one minus the other.
difference = Difference
# ($p) The likelihood of the labels.
likelihood = The 1-hot L is − log of the product of all p<sub>i,r(i)</sub>, here { $p }: to lower L is to raise the probability of the labels, which is maximum likelihood.
# Above the gradient, as HTML.
gradient = <i>∂L</i>/<i>∂z<sub>i</sub></i> = <i>p<sub>i</sub></i> − <i>t<sub>i</sub></i>, because the shares of <i>t<sub>i</sub></i> add up to 1. A step of training moves each logit the other way: grey ones up, blue ones down.
# Heading of the list.
largest-gradients = Where the model has most to learn
# Heading of the chain rule.
onward = On into the dense layer and into BERT
# What "jointly" means, as HTML.
jointly = The first two train <i>W</i> and <i>b</i>; the last one flows into BERT, layer by layer down to the embeddings. That is what “jointly” means.
# Above the decoders.
decoding = The model gives each token a distribution; a decoder makes answers of them. It changes no p and no loss.
# Column heading of the likeliest class.
likeliest = Likeliest
# Marks a repaired label.
repaired-mark = { " " }(was I)
# ($count) Tokens left out: their number.
all-outside = { $count ->
        [one] 1 token that all leave outside
       *[other] { $count } tokens that all leave outside
    }
# log p of the whole sequence.
sequence-log-p = log p of all labels
# The best span's odds.
best-score = Best span's odds against none
# ($p) P(no answer).
p-no-answer = P(no answer) = { $p }: the probability that every token is O, among all valid sequences.
# Heading of the windows.
windows = Windows
# ($number, $first, $last) One window: number, first and last token.
window = Window { $number }: tokens { $first } to { $last }
# Below several windows.
windows-note = Long paragraphs are read in overlapping windows. Where two overlap, a token's values come from the one that shows more text on both sides of it (solid).
# Below a single one.
one-window = This paragraph fits into one window of 384 positions.
# Copies the derivation.
copy-latex = Copy as LaTeX
# Said after that.
copied = Copied
# Saves a CSV file with commas and decimal points.
csv-comma = CSV with “,” between fields and decimal points: 0.5
# Saves one with semicolons and decimal commas.
csv-semicolon = CSV with “;” between fields and decimal commas: 0,5
# Opens an exported file.
open = Open…
# Prints.
print = Print
