# The entry of the model menu that opens the chart.
entry = How well they read…
# Opens it at the foot of the page.
open = Scores by kind of question
# Heading.
heading = How well the models read
# Closes it.
close = Close the scores
# Where the numbers come from.
intro = Percent, measured on questions that the models have not learnt from. Where every question has several answers, all marked spans count; where half have none, a threshold decides whether to answer.
# What the dark part of a bar is.
exact = exactly right
# What all of a bar is.
partly = F1: also what is right in part
# What the line across a bar is.
never = never answering
# Column heading of the kinds.
questions = Questions
# A kind of questions.
kind-articles = on encyclopaedic articles
# A kind of questions.
kind-new-articles = on newer articles
# A kind of questions.
kind-posts = on forum posts
# A kind of questions.
kind-reviews = on product reviews
# A kind of questions.
kind-search = typed into a search engine
# A kind of questions.
kind-several = with several answers
# A kind of questions.
kind-sentences = about a single sentence
# A kind of questions.
kind-unanswerable = on articles, half without an answer
# A kind of questions.
kind-other = of another kind
# ($count) How many there are.
count = { $count } questions
# A model was not measured on them.
unknown = not measured
# ($title, $all, $any) Several answers: shares of the questions with all answers found and with at least one.
several = { $title } finds all of several answers in { $all }, one of them in { $any }.
# ($tenths) A share.
of-ten = { $tenths } of 10
# A share that is nearer to none than to one of ten.
few-of-ten = fewer than 1 of 10
# ($title, $exact, $several) What to expect of a model: shares of exact answers, and what it does with several.
quality = { $title } finds the exact answer { $exact }{ $several }. English only.
# ($share) A part of it.
quality-articles = to { $share } questions on encyclopaedic articles
# ($share) A part of it.
quality-search = to { $share } questions as typed into a search engine
# Between two parts.
quality-and = { " " }and{ " " }
# ($all, $any) The end of it.
quality-several = ; it finds all of several answers in { $all }, one of them in { $any }
