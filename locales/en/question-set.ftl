# Heading of the set of questions that a teacher puts together.
heading = A set of questions
# What it is for.
note = Collect questions and paragraphs, put them in order, and give all of them to a class as one link or one file. Everybody labels each and saves one file; drop these files at “Class”.
# Label of the field with the set's title.
title = Title
# Adds the question on the page.
add = Add this question to the set
# ($count) How many are in the set.
count = { $count ->
        [0] The set is empty
        [one] { $count } question in the set
       *[other] { $count } questions in the set
    }
# The question is there already.
known = This question is in the set already.
# It has no text, or the set is full.
unfit = The set takes a question with its paragraph, and at most 100 of them.
# ($number, $question) Adds a question of the data file: number, its text.
add-entry = Add question { $number } to the set: { $question }
# ($question) Puts a question of the set on the page: its text.
show = Show “{ $question }”
# ($question) Moves a question of the set up: its text.
up = Move “{ $question }” up
# ($question) Moves it down: its text.
down = Move “{ $question }” down
# ($question) Takes it out: its text.
remove = Take “{ $question }” out of the set
# ($question) Puts the question on the page in its place: its text.
replace = Put the question on the page in place of “{ $question }”
# The same, short.
replace-short = Replace
# Hides labels and answers.
hide = Without labels, and the model's answers hidden until one has labelled or asks for them
# The guided exercise is one of the questions.
guide = With the guided exercise
# The guided exercise in a list.
guided = Guided exercise
# Saves the set.
save = Save the set as a file
# Opens a file with a set, to change it.
open = Open a set…
# Begins another set.
clear = Empty the set
# Takes the last step back.
undo = Undo
# Label of the field with the link.
link = Link to the set
# ($size) How long the link is: kB.
size = The link has { $size } kB; the questions are in the link itself.
# ($size) It is too long: kB.
long = The link would have { $size } kB, and mail programs and chats cut such links. Give the file to the class.
# Name of the bar of a set that one works on.
bar = The set of questions that is open
# ($number, $of) Which question is on the page.
place = Question { $number } of { $of }
# The text on the page is not the question's.
elsewhere = The text on the page is no question of this set. All labels in the set are kept.
# Goes back a question.
previous = Previous
# Goes on to the next question.
next = Next
# ($number, $question, $labelled) A question of the list: number, its text, whether it has labels.
entry = Question { $number }{ $labelled ->
        [true] {", labelled"}
       *[false] {""}
    }: { $question }
# Label of the field with the student's name.
student = Your name
# ($done, $of) How many have labels.
done = { $done } of { $of } labelled
# Saves all labels.
hand-in = Save all labels
# The name is missing.
name-first = Write your name first: it goes into the file.
# ($file, $done, $of) They are saved: the file's name, how many have labels.
saved = Saved as { $file }. Questions with labels: { $done } of { $of }. Give this file to your teacher.
# Closes the bar.
close = Close the set
# ($title, $done, $of) Opens a set of an earlier visit again: its title, how many have labels.
go-on = Go on with “{ $title }” ({ $done } of { $of } labelled)
# A set without a title.
untitled = Set of questions
# ($name) A file holds a set: its name.
opened = opened as a set of questions
# Heading of a class's answers to a set.
class = The class, question by question
# ($files, $students, $questions) What came in: files, students of them with labels, questions.
summary = { $files } { $files ->
        [one] file
       *[other] files
    }, { $students } with labels, on { $questions } { $questions ->
        [one] question
       *[other] questions
    }.
# ($done, $of) The model reads the questions.
reading = Questions read: { $done } of { $of }…
# ($count) Students who have labelled a question.
students = { $count } { $count ->
        [one] student
       *[other] students
    }
# ($number, $question) Shows what the class says to a question: number, its text.
choose = Show question { $number }: { $question }
# ($added, $of) A file's labels came in: questions with labels, questions.
added = labels for { $added } of { $of } { $of ->
        [one] question
       *[other] questions
    }
# Nothing is labelled in a file.
nothing = nothing labelled
# ($number, $why) What became of a question in a file: its number, why it was not taken.
question-not-taken = question { $number } { $why }
# A question is not in a file.
absent = is not in this file
# A question has no labels in a file.
blank = is not labelled
# ($of) The same labels came with another file: its name.
same = has the same name and labels as { $of }
# ($count) Questions that are not the class's.
others = { $count ->
        [one] { $count } question about another text
       *[other] { $count } questions about other texts
    }
# Counts equal files.
doubles = Count the same labels twice
# Prints the class alone.
print = Print the class
# Forgets what came in.
forget = Forget these files
# Takes that back.
bring-back = Bring the class's files back
# Column headings of the class's overview.
columns =
    .item1 = Question
    .item2 = students
    .item3 = pairs that agree
    .item4 = κ
    .item5 = L
# Goes to the set's question before.
present-previous = Question before (Shift + ←)
# Goes to the set's next question.
present-next = Next question (Shift + →)
