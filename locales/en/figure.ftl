# Before the buttons that save a chart as a picture.
picture = Picture
# ($kind, $chart) Such a button, for screen readers: SVG or PNG, the chart.
save = Save as { $kind }: { $chart }
# Titles of pictures: the paragraph with its bars.
bars = p of every token: B, I and O
# L and its terms.
loss = The loss L and its terms
# Beside the axis of the terms.
terms = term of each token, in nats
# The triangle of B, I and O.
simplex-name = p and t in the triangle of B, I and O
# ($number, $text) The same of a token: its number, its text.
simplex = p and t of token { $number }, “{ $text }”
# ($layer, $head) Attention: number of the layer, name of the head.
attention = Attention, layer { $layer }, { $head }
# How to read it.
attention-rows = A row shows what its token takes of every column's; each row adds up to 1.
# Beside the axis of the learning curve.
steps = steps
# ($count) The heat map of so many annotators.
heat-map = Where { $count } annotators disagree
# What its colours say.
entropy = H(t) of each token, in nats
# ($model, $steps, $date) Where a picture comes from: the model, steps of learning it has made, the day.
source = Bioscope, { $model }{ $steps ->
        [0] { "" }
        [one] { " " }after { $steps } step of learning
       *[other] { " " }after { $steps } steps of learning
    }, { $date }
