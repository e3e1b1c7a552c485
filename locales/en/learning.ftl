# Above the controls, as HTML.
intro = Correct the labels in the text above, guess which bars will rise, and press Step: the gradient of <i>L</i> moves the weights, and every view shows the model as it is after that. <b>Joint</b> trains BERT and the dense layer together, as in part (b); <b>head only</b> moves <i>W</i> and <i>b</i>. “Reset”, or going to the exercise, brings the shipped model back.
# Name of the choice between head and joint.
which = Which parameters move
# Every parameter.
joint = Joint
# W and b.
head = Head only
# Label of the choice of the optimiser.
optimizer = Optimiser
# Label of the learning rate.
rate = Learning rate
# What was typed is no rate; no step is made until it is.
no-rate = A learning rate is a number of at least 0, such as 0.001 or 1e-5. No step is made with this; an empty field takes the usual rate.
# One step.
step = Step
# Step after step.
play = Play
# Stops that.
stop = Stop
# Back to the shipped weights.
reset = Reset
# The learner's worker starts.
starting = Starting a second engine for learning…
# A step is under way.
stepping = One step: forward, backward, update…
# ($done, $total) An explanation is under way: passes so far, in all.
explaining = Explaining: pass { $done } of { $total }
# Nothing was learned yet.
ready = Nothing learned yet.
# ($step, $before, $after, $ms) A step was made: number, L before, L after, milliseconds.
stepped = Step { $step }: L { $before } → { $after }, in { $ms } ms.
# Name of the curve.
curve = L after every step, above its floor H
# Column headings.
token = Token
before = p before
after = p now
# Heading of the norms.
moved = How far the last step moved each part (L2 norm)
# ($k) A layer, by its number.
layer = layer { $k }
# The embeddings.
embeddings = embeddings
# W and b.
head-part = W, b
# Heading of the explanation.
why = Why this p?
# ($label) The button of a class.
explain = Explain p of { $label }
# ($token, $label) Heading of an explanation.
explained = What each input token adds to the log odds of { $label } at token { $token }
# Label of the choice of the method.
method = Method
# Integrated gradients.
integrated = Integrated gradients
# Gradient times input.
gradient = Gradient × input
# ($value, $baseline, $error) Log odds of the input and of the baseline, completeness error in percent.
complete = Log odds { $value }; with every word masked { $baseline }. The shares add up to the difference with an error of { $error } %.
# What the shares mean, as HTML.
why-note = Choose a token in the text, then a class. Blue adds to <i>log(p/(1−p))</i>, red takes away.
# Something of the learner's that has no sentence of its own is under way.
working = One moment…
# ($done, $total) A step is under way: layers passed, in all.
stepping-through = One step: layer { $done } of { $total } on the ways up and down
# ($done, $total) After an undo, or a new start of the worker: layers passed, in all.
again-through = The steps before it are made again: layer { $done } of { $total }
# ($done, $total) The other questions are read before the first step: so many, of so many.
checking-first = Reading other questions before the first step: { $done } of { $total }
# ($done, $total) The other questions are read again.
checking = Reading the other questions again: { $done } of { $total }
# Saves the tuned model.
save = Save the model
# What becomes of it.
save-note = Weights, config.json and tokenizer.json in one .zip file: open it again by the model picker, or by bioscope analyse --model
# ($index, $text) The question before a step: the token's number and text.
predict = Predict the next step: which p of token { $index }, “{ $text }”, will rise (▲), which will fall (▼)?
# ($label, $up) An answer to it: class, whether it will rise.
predict-name = p of { $label } will { $up ->
        [true] rise
       *[false] fall
    }
# ($right, $said, $changes) How many came true, of how many, and the changes.
predicted = { $right } of { $said } as you predicted: { $changes }
# Adds the text on show to the set.
collect = Collect this text
# What is learned from without a set.
collect-none = Learns from the text and labels on show. Collect several to learn from all of them together.
# ($count) What is learned from with a set of so many.
collect-some = { $count ->
        [one] Learns from the one text collected here, whatever is on show:
       *[other] Learns from the mean L of these { $count } texts, whatever is on show:
    }
# ($question) Takes an instance out of the set: its question.
drop = Take out: { $question }
# The same, in short.
drop-short = Take out
# Heading of the other questions.
held-out = Other questions, which it does not learn from
# ($changed, $of, $before, $after) Answers changed, of how many, mean L before and after.
held-out-summary = { $changed } of { $of } { $changed ->
        [one] answers has
       *[other] answers have
    } changed; their mean L went from { $before } to { $after }.
# Column headings of the other questions.
other-question = Question
answer-before = As shipped
answer-now = Now
# In place of an answer.
no-answer = (no answer)
# Heading of the comparison of head and joint.
compare = Head only or joint?
# ($steps) What it does: steps of each.
compare-note = Makes { $steps } steps of each on the same labels, both from the shipped weights, and puts them side by side. Steps made so far are taken back; the joint ones stay.
# Its button.
compare-go = Compare
# Rows of the comparison: L.
compare-loss = L
# Share of KL that is gone.
compare-kl = of KL(t || p) gone
# How far W and b moved.
compare-head = W, b moved (sum of the steps' norms)
# How far BERT moved.
compare-bert = BERT moved
# Other answers that changed.
compare-changed = other answers changed
# Mean L of the other questions.
compare-others = mean L of the other questions
# Time of a step.
compare-time = time of a step
# Heading of the attention maps.
attention = Attention
# Label of the choice of a layer.
attention-layer = Layer
# Name of the heads' pictures.
attention-heads = Heads
# ($k) A head, by its number.
attention-head = head { $k }
# All heads together.
attention-mean = mean
# The token in focus is read in another window.
attention-elsewhere = The token is read in another window: press the layer again.
# ($token, $layer, $head) Heading: token, layer, head.
attended = How much “{ $token }” takes of every position, layer { $layer }, { $head }
# What the pictures mean, as HTML.
attention-note = Choose a token in the text, then a layer. In a picture, rows take from columns and every row adds up to 1. Attention says where a layer looks, not what the answer is due to.
