# The button that begins.
begin = Work through it, step by step
# What it leads to.
promise = Eleven questions about a sentence of five tokens, with h in 128 dimensions as in the exercise. Your own text comes back with Undo at “Labels”, or with Ctrl + Z.
# Heading.
heading = Step by step
# The three annotators.
annotators =
    .item1 = Ana
    .item2 = Ben
    .item3 = Cleo
# ($at, $of, $done) Step, number of steps, steps answered.
place = { $at } of { $of } · { $done } answered
# Nothing can be asked yet.
waiting = One moment: the model is reading the sentence. (If you changed the text, begin again.)
# Label of the field.
answer = Your answer, a number
# Checks the answer.
check = Check
# Shows a hint.
hint = A hint
# What is right is shown after a hint.
hint-first = After a hint
# Shows what is right.
reveal = Show me
# The step before.
back = Back
# The step after.
next = Next
# Ends the guide.
close = Leave the guide
# The answer is right.
right = Yes.
# It is not.
wrong = Not quite.
# What to do then, where the mistake has no name.
again = Look again, or take a hint.
# It is no number.
unreadable = That is no number. Type something like 0.81 or 2/3.
# ($d) The question, as HTML.
question-parameters = BERT's <i>h<sub>i</sub></i> has { $d } numbers here. How many parameters has the dense layer, <i>W</i> and <i>b</i> together?
# The question, as HTML.
question-carriers = Which tokens have a term in the loss <i>L</i>?
# ($n, $b, $i, $o) The question, as HTML.
question-softmax = Token { $n } has <i>z</i> = ({ $b }, { $i }, { $o }) for B, I, O. Calculate <i>p</i><sub>{ $n },B</sub> to two decimals. (A pocket calculator will do.)
# ($n) The question, as HTML.
question-gold = Ana and Ben say B for token { $n }, Cleo says O. What is <i>t</i><sub>{ $n },B</sub>?
# ($n, $b, $i, $o) The question, as HTML.
question-term = With <i>p</i><sub>{ $n }</sub> = ({ $b }, { $i }, { $o }): what does token { $n } add to <i>L</i>?
# The question, as HTML.
question-floor = However good the model becomes: what is the least that <i>L</i> can be with these three annotators?
# The question, as HTML.
question-vanishes = Now the switch in (c): every <i>t<sub>i</sub></i> is 1-hot. When does a product <i>t<sub>ij</sub></i> log <i>p<sub>ij</sub></i> vanish?
# The question, as HTML.
question-left = How many of a token's three products are left then?
# ($n, $b, $i, $o) The question, as HTML.
question-one-hot = Suppose Cleo had marked it too: <i>t</i><sub>{ $n }</sub> = (1, 0, 0), so <i>r</i>({ $n }) = B. With <i>p</i><sub>{ $n }</sub> = ({ $b }, { $i }, { $o }): what would token { $n } add to <i>L</i>?
# ($n, $b) The question, as HTML.
question-direction = Back to three annotators: <i>p</i><sub>{ $n },B</sub> = { $b } and <i>t</i><sub>{ $n },B</sub> = 2/3. What does a step of training do to <i>z</i><sub>{ $n },B</sub>?
# The question, as HTML.
question-trained = “Jointly”: what does that step change?
# The choices of a step that has some.
choices-carriers =
    .item1 = All tokens
    .item2 = The paragraph's tokens
    .item3 = The question's tokens
    .item4 = [CLS] alone
# The choices of a step that has some.
choices-vanishes =
    .item1 = t = 0
    .item2 = p = 0
    .item3 = p is small
    .item4 = z = 0
# The choices of a step that has some.
choices-direction =
    .item1 = It goes up
    .item2 = It goes down
# The choices of a step that has some.
choices-trained =
    .item1 = W and b
    .item2 = BERT
    .item3 = W, b and BERT
    .item4 = t
# The hints, as HTML.
hint-parameters = W is 3 × d: one row for each of B, I, O. And b has one number for each.
# The hints, as HTML.
hint-carriers = In the picture, see which columns go on below <i>h</i>.
# The hints, as HTML.
hint-softmax = p<sub>B</sub> = e<sup>z<sub>B</sub></sup> / (e<sup>z<sub>B</sub></sup> + e<sup>z<sub>I</sub></sup> + e<sup>z<sub>O</sub></sup>).
# The hints, as HTML.
hint-gold = Each annotator's label is a 1-hot vector; t is their mean.
# The hints, as HTML.
hint-term = −(t<sub>B</sub> log p<sub>B</sub> + t<sub>O</sub> log p<sub>O</sub>); the I adds nothing, because t<sub>I</sub> = 0. log is the natural logarithm.
# The hints, as HTML.
hint-floor = L = H(t) + KL(t ‖ p), and KL is 0 when p = t.
# The hints, as HTML.
hint-vanishes = Which factor of t log p can be exactly 0? Softmax never gives p = 0.
# The hints, as HTML.
hint-left = Two of the three t are 0.
# The hints, as HTML.
hint-one-hot = Of the three products one is left: −1 · log p<sub>B</sub>.
# The hints, as HTML.
hint-direction = ∂L/∂z<sub>B</sub> = p<sub>B</sub> − t<sub>B</sub>, and a step goes against the gradient.
# The hints, as HTML.
hint-trained = The gradient goes on through h<sub>i</sub>.
# ($d, $right) The reason, as HTML.
why-parameters = 3 × { $d } + 3 = { $right }.
# The reason, as HTML.
why-carriers = Only the paragraph's tokens carry a label; question, [CLS] and [SEP] are read, but not tagged.
# ($right) The reason, as HTML.
why-softmax = It is { $right }.
# ($right) The reason, as HTML.
why-gold = Two of three 1-hot vectors have their 1 at B: { $right }.
# ($right) The reason, as HTML.
why-term = It is { $right } nats.
# ($right) The reason, as HTML.
why-floor = H(t) = { $right } nats: only that token is in doubt, and KL can fall to 0.
# The reason, as HTML.
why-vanishes = t = 0: then 0 · log p = 0, whatever p > 0 is.
# The reason, as HTML.
why-left = One: the class r(i), with the factor 1. So L = − Σ log p<sub>i,r(i)</sub>, minus sign included.
# ($right) The reason, as HTML.
why-one-hot = −log p<sub>B</sub> = { $right } nats.
# ($difference, $down) The reason: p − t, whether it is positive.
why-direction = p − t = { $difference } is { $down ->
        [true] positive, so the logit goes down
       *[false] negative, so the logit goes up
    }.
# The reason, as HTML.
why-trained = All of them: W and b by (p − t) hᵀ and p − t, and BERT by Wᵀ (p − t), layer by layer.
# What was done to get a wrong number, as HTML.
mistake-sign = The minus sign: log p is negative, and <i>L</i> is never.
# What was done to get a wrong number, as HTML.
mistake-log10 = That is the logarithm to base 10. Here log is the natural one, ln: multiply by 2.303.
# What was done to get a wrong number, as HTML.
mistake-log2 = That is the logarithm to base 2, so bits. Here log is ln, and the unit nats: multiply by 0.693.
# What was done to get a wrong number, as HTML.
mistake-no-log = That is p without its logarithm.
# What was done to get a wrong number, as HTML.
mistake-no-bias = That is W alone. And b?
# What was done to get a wrong number, as HTML.
mistake-one-class = That is one class. W has a row for each of B, I and O.
# What was done to get a wrong number, as HTML.
mistake-forgot-o-softmax = The sum below the line is over B, I and O; the O is missing.
# What was done to get a wrong number, as HTML.
mistake-forgot-o = That is B's part. One of the annotators says O: t<sub>O</sub> = 1/3 has a part as well.
# What was done to get a wrong number, as HTML.
mistake-no-exponential = That is z<sub>B</sub> divided by the sum of all z. Softmax takes e<sup>z</sup> first.
# What was done to get a wrong number, as HTML.
mistake-not-normalised = That is e<sup>z<sub>B</sub></sup>. Divide it by the sum of all three, so that the p add up to 1.
# ($label) What was done to get a wrong number, as HTML.
mistake-other-class-softmax = That is the value of { $label }; B was asked for.
# ($label) What was done to get a wrong number, as HTML.
mistake-other-class = That is −log p<sub>{ $label }</sub>, as if t had its 1 at { $label }.
# ($token) What was done to get a wrong number, as HTML.
mistake-other-token-one-hot = That is the term of token { $token }, another token's 1-hot label.
# ($token) What was done to get a wrong number, as HTML.
mistake-other-token = That belongs to token { $token }.
# What was done to get a wrong number, as HTML.
mistake-count = That is how many say B. t is a share: how many of how many?
# What was done to get a wrong number, as HTML.
mistake-majority-gold = That is what a vote would give. t keeps what the third one says.
# What was done to get a wrong number, as HTML.
mistake-majority = That is −log p<sub>B</sub>, as if all had said B. t<sub>B</sub> is 2/3, and t<sub>O</sub> = 1/3 counts too.
# What was done to get a wrong number, as HTML.
mistake-not-one-hot-left = All three are left while no t is 0. When t is 1-hot, two are.
# What was done to get a wrong number, as HTML.
mistake-not-one-hot = That is against t = (2/3, 0, 1/3). Now all three agree.
# What was done to get a wrong number, as HTML.
mistake-no-weight = Each −log p is weighted by its share t: 2/3 of the one, 1/3 of the other.
# What was done to get a wrong number, as HTML.
mistake-swapped = p and t have changed places: the logarithm is taken of p, the weight is t.
# What was done to get a wrong number, as HTML.
mistake-with-p = That is the term as it is now, with log p. The least is reached at p = t: take log t.
# What was done to get a wrong number, as HTML.
mistake-no-floor = That would be so if all agreed. No p can agree with B and with O at once.
# What was done to get a wrong number, as HTML.
mistake-vanished = That is how many vanish. How many of three are left?
# Why a choice is wrong, as HTML.
wrong-carriers-0 = The question's tokens, [CLS] and [SEP] are read too, but nobody labels them.
# Why a choice is wrong, as HTML.
wrong-carriers-2 = The answer stands in the paragraph, so that is what is tagged.
# Why a choice is wrong, as HTML.
wrong-carriers-3 = [CLS] has an h, but no label: B, I and O are of the paragraph's words.
# Why a choice is wrong, as HTML.
wrong-vanishes-1 = Softmax never gives p = 0, and log 0 would not be finite.
# Why a choice is wrong, as HTML.
wrong-vanishes-2 = A small p makes −log p large.
# Why a choice is wrong, as HTML.
wrong-vanishes-3 = z is just a logit: p at z = 0 is between 0 and 1, as everywhere.
# Why a choice is wrong, as HTML.
wrong-direction = Mind the sign: the gradient is p − t, and a step goes against it, so p moves towards t.
# Why a choice is wrong, as HTML.
wrong-trained-0 = Those too, but the gradient does not stop at h.
# Why a choice is wrong, as HTML.
wrong-trained-1 = That too, but W and b come first.
# Why a choice is wrong, as HTML.
wrong-trained-3 = t is given by the annotators; training does not touch it.
