# Heading of the panel.
heading = A link to this text and its labels
# Label of the field with the link.
link = Link
# Copies it.
copy = Copy
# It is on the clipboard.
copied = The link is copied.
# The clipboard is out of reach.
by-hand = Copy the link from the field.
# ($size) How long the link is, and where it goes: kB.
size = { $size } kB. Question, paragraph and labels are in the link itself; no server gets to see them.
# The link is longer than some programs take.
long = Some programs cut links of this length: a file saved as JSON is safer.
# ($title) The user's own model is in use, which is in no link: the title of the model that the link names.
not-own = Your own model is not in the link: whoever opens it sees what { $title } says.
# The page was opened from a file.
from-file = This page is a file on your computer, and its link opens there alone: give others the file too, and let them put what follows # behind its address.
# The model's answers are hidden at first.
hide = Without labels, and the model's answers hidden until one has marked an answer or asks for them
# The guided exercise only.
guided = Open the guided exercise only
# ($tab) The link opens the exercise's tab that is open now: its name.
at-tab = Open the exercise at “{ $tab }”
# ($place) The link opens the place that is open now: its name.
at-place = Open at “{ $place }”
# Closes a panel.
close = Close
# A link was opened.
opened = Opened from a link. “Undo” brings back what you had before.
# The model's answers are hidden.
hidden-note = The model's answers are hidden until you have marked one yourself: drag over the words in the text, or tap them between two presses of “Mark by tapping”.
# Shows them.
show = Show them now
# Only the guided exercise is here.
guided-note = This is the guided exercise alone.
# Shows all of the page.
whole = Open the whole page
# Heading of the class's labels.
class = A class's labels
# What to do there.
class-note = Drop the files that everybody has saved as JSON anywhere on the page, or choose them here, or paste links. Every annotator in them becomes an annotator of this text, and t is all of them together.
# Asks for files.
choose = Choose files…
# Label of the field for links.
paste = Links, one per line
# Takes the links.
add = Add the links
# The annotators that are here stay.
keep = Keep the annotators that are here
# ($entries, $added, $annotators) What came in: documents, of them added, annotators in all.
summary = { $added } of { $entries } taken in; there { $annotators ->
        [one] is 1 annotator
       *[other] are { $annotators } annotators
    } now.
# ($annotators, $known, $direct) An entry's annotators were added: how many, how many were here already, how many t_i were left out.
added = { $annotators } { $annotators ->
        [one] annotator
       *[other] annotators
    }{ $known ->
        [0] { "" }
        [one] ; 1 left out, because it is here already
       *[other] ; { $known } left out, because they are here already
    }{ $direct ->
        [0] { "" }
        [one] ; 1 directly set t left out, because it is nobody's label
       *[other] ; { $direct } directly set t left out, because they are nobody's label
    }
# Another paragraph.
other-text = not taken: it is about another paragraph
# Another question.
other-question = not taken: it answers another question
# ($of) The same as another entry.
duplicate = not taken: the same as { $of }
# The same as what is here.
duplicate-here = not taken: its annotators are here already
# A file of questions among labels of one text.
not-labels = This holds no labels of one text: a file of questions is opened at “Questions”.
# No labels.
unlabelled = nothing to take: nobody has labelled
# Takes the entries' text.
adopt = Take over their text
# Counts duplicates.
count-doubles = Count the duplicates too
# Heading of the heat map.
heat = Where they disagree
# How to read it, as HTML.
heat-note = The stronger a word is coloured, the larger <i>H</i>(<i>t<sub>i</sub></i>): 0 where all agree, log 3 ≈ 1.10 nats where each class has a third.
# ($number, $text, $entropy, $b, $i, $o) A token of it: H, shares of B, I and O.
heat-token = { $number } “{ $text }”: H = { $entropy } nats; B { $b }, I { $i }, O { $o }
# Heading of the most disputed tokens.
disputed = Most disputed
# All agree on everything.
undisputed = Everybody agrees on every word.
# Heading of the questions from a file.
dataset = Questions from a file
# What to open there.
dataset-note = Open files with questions, texts or labels, or drop them on the page: SQuAD, CoNLL, doccano, Label Studio, Prodigy, brat, WebAnno, tables, plain text. They stay in this browser.
# Asks for the file.
open = Open a file…
# ($name) A file is read: name.
opening = Reads { $name }…
# ($name, $records) A file is here: its name, how many records with their noun.
holds = { $name }: { $records }
# Label of the search.
search = Search questions and paragraphs
# Nothing fits the search.
nothing = Nothing found.
# ($first, $last, $of) Which questions are listed: first, last, of.
listed = { $first } to { $last } of { $of }
# A page back.
previous = Previous
# A page on.
next = Next
# Label of the field for a question's number.
go-to = Go to number
# Runs the model over the list.
score = Score these
# Label of the field for how many.
how-many = How many
# ($done, $of) How far it is: done, of.
scoring = { $done } of { $of } read.
# Stops it.
stop = Stop
# ($count, $loss, $em, $f1) Mean scores.
means = Mean of { $count } { $count ->
        [one] question
       *[other] questions
    }: L = { $loss } nats, EM { $em } %, F1 { $f1 } %.
# Column headings: number, question, L, EM, F1, answer.
columns =
    .item1 = #
    .item2 = Question
    .item3 = L
    .item4 = EM
    .item5 = F1
    .item6 = Answer
# No answer.
none = no answer
# ($count) Rows that are not shown: how many.
more = … and { $count } more; sort by another column to see others.
# ($model) Which model read the questions: its name.
as-loaded = By { $model } as loaded, without steps of learning.
# ($decoder) Which decoder gave the answers: its name.
by = Answers by the decoder { $decoder }.
# While files are held over the page.
drop = Drop here: a model's three files, saved labels, or questions
# ($size, $most) A file that is too large: its MB, the most; completes "The file … is damaged or of an unknown format: ….".
too-large = it has { $size } MB, and at most { $most } are read
