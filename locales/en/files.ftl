# Heading of the list of files.
heading = Files
# A file is being read.
reading = is being read …
# ($format, $records, $annotators, $skipped) A file in one sentence: its format, how many records with their noun, annotators, records that were skipped.
sentence = { $format }, { $records }{ $annotators ->
        [0] { "" }
        [one] , 1 annotator
       *[other] , { $annotators } annotators
    }{ $skipped ->
        [0] { "" }
       *[other] , { $skipped } skipped
    }
# It was taken as labels of the text on the page.
as-labels = labels of the text above
# It was taken as a part of a model.
as-model = a file of a model
# Label of the choice of a format.
read-as = Read as
# Reads the file anew in the format that was chosen, where that costs changes.
read-again = Read it again
# The content decides.
by-content = what it looks like
# Shows the file's records.
show = Show
# ($count) The records that were skipped: how many.
skipped = { $count ->
        [one] 1 record was skipped
       *[other] { $count } records were skipped
    }
# Reads the file as Windows-1252.
windows-1252 = Read as Windows-1252
# Reads the file as Windows-1253.
windows-1253 = Read as Windows-1253 (Greek)
# Counts offsets in UTF-16 code units.
utf16 = Count offsets in UTF-16 units
# A file has no questions: the one that was typed counts for all.
question-above = Take the question above for all
# Moves answers to the only place where they stand.
repair = Move answers to where they stand
# Names B, I and O among numbers.
name-labels = Take 0, 1, 2 for B, I, O
# ($number) Takes a column of labels for the gold labels: its number.
gold-column = Column { $number } of the labels is gold
# Text of a link to the page about formats.
formats = What each format holds
# Label of the choice of a format to write.
save-as = Save as
# Writes it.
save = Save
# ($name, $changed) What is saved: a file, how many of its records were changed here.
saves = Saves { $name }{ $changed ->
        [0] { "" }
        [one] , with 1 changed record
       *[other] , with { $changed } changed records
    }.
# ($name) It is saved: the file's name.
saved = Saved as { $name }.
# The changed records were kept on an earlier visit.
earlier = The changes are those of an earlier visit.
# The text on the page is none of the file's.
saves-without = The text on the page is not part of it.
# No file is open.
saves-page = Saves the text on the page.
# A record in the list that was changed here.
changed = changed
# ($name) Asked before another file, or another reading of it, takes the place of one with changes: its name.
unsaved = Changes in { $name } are not saved. Give them up?
# ($feature, $records) What a format cannot hold: the feature, in how many records.
loses = This format cannot hold { $feature } ({ $records ->
        [one] 1 record
       *[other] { $records } records
    }).

# A format's name.
format-plain = plain text
format-squad = SQuAD file
format-hf-qa = Hugging Face question answering
format-lines = QAMR-style lines
format-conll = CoNLL (a token and its label a line)
format-hf-tokens = Hugging Face token classification
format-doccano = doccano export
format-label-studio = Label Studio export
format-prodigy = Prodigy export
format-brat = brat annotations
format-webanno = WebAnno TSV
format-table = table
format-multispanqa = MultiSpanQA file

# ($count) Records, by the noun of their format.
paragraphs = { $count ->
        [one] 1 paragraph
       *[other] { $count } paragraphs
    }
# ($count) The same.
questions = { $count ->
        [one] 1 question
       *[other] { $count } questions
    }
# ($count) The same.
sentences = { $count ->
        [one] 1 sentence
       *[other] { $count } sentences
    }
# ($count) The same.
texts = { $count ->
        [one] 1 text
       *[other] { $count } texts
    }
# ($count) The same.
tasks = { $count ->
        [one] 1 task
       *[other] { $count } tasks
    }
# ($count) The same.
documents = { $count ->
        [one] 1 document
       *[other] { $count } documents
    }

# What a format may not hold.
feature-question = questions
feature-annotators = all annotators but the first
feature-names = annotators' names
feature-weights = annotators' weights
feature-several-spans = all spans of an annotator but the first
feature-mixed-no-answer = “no answer” of an annotator with a name or beside others
feature-unlabelled = that nobody has labelled a text (it reads as “no answer”)
feature-edge-blanks = blanks at a span's ends
feature-scores = the model's scores
feature-soft = t_i set directly
feature-stray = labels I without a B before them
feature-confidence = confidences
feature-notes = notes
feature-titles = titles of articles

# ($reason, $format) What is wrong with a whole file, and what it was read as.
read-as-format = { $reason }; read as { $format }
# ($line) Where in a file.
place-line = line { $line }
# ($number) The same.
place-record = record { $number }
# ($id) The same.
place-question = question { $id }

# What is wrong with a file or a record.
empty = it is empty (line 1, column 1)
no-record = it holds no question and no text
not-utf8 = it is not UTF-8; read it as Windows-1252? It may be another encoding (Windows-1253 for Greek); saving it as UTF-8 is the sure way
compressed = it is compressed: unpack it first
parquet = it is a Parquet file: bioscope convert on the command line makes JSON lines of it
spreadsheet = it is a spreadsheet: save it as CSV first
unknown = its format is none that is known here
# ($why) Words that are not the page's own, which are English.
fault = { $why }
# ($why, $line, $column) A parser's words, and where.
json = it is no valid JSON: { $why } (line { $line }, column { $column })
# ($field) The name of a field.
missing = missing field `{ $field }`
# ($field, $expected, $found) A value of another kind than expected.
unexpected = `{ $field }` is { $found }, but should be { $expected }
# ($start, $end, $length) A span and the text's length.
past-end = the span { $start }..{ $end } ends past the paragraph's { $length } characters
# ($start, $end) A span.
negative = the span { $start }..{ $end } begins before the paragraph (a start is at least 0)
# ($start, $end) A span.
empty-span = the span { $start }..{ $end } is empty
# ($start, $end, $at) A span, and which of the two is in the middle of a character.
cuts-character = the span { $start }..{ $end } cuts a character in two at { $at }
# ($text, $start) An answer, and where it should stand.
not-there = the paragraph does not say “{ $text }” at { $start }
# ($text, $start, $at) The same, and the only place where it stands.
not-there-once = the paragraph does not say “{ $text }” at { $start }; it stands once, at { $at }
# ($text) An answer.
not-found = the paragraph does not hold “{ $text }”
# ($a, $b, $c, $d) Starts and ends of two spans.
overlap = the spans { $a } to { $b } and { $c } to { $d } overlap
# ($labels, $tokens) How many there are.
count = labels given: { $labels }, tokens: { $tokens }
# ($label) A label that is none.
label = “{ $label }” is no label: expected B, I or O, with or without a type, or BILOU's L and U
# ($token) A token that does not follow in the text.
token = the text does not go on with the token “{ $token }”
# ($found) The numbers in the file.
ask-labels = `ner_tags` are numbers ({ $found }): say which of them are B, I and O
# ($count) How many columns of labels there are.
ask-columns = it has { $count } columns of labels, perhaps gold and prediction: say which is which
# ($name) The name of the file that belongs to it.
partner = it needs the text that it is about: { $name }, beside it
# ($names, $found) The columns that are looked for, and those that there are.
column = it has no column named { $names }; its columns are { $found }
# ($cells, $columns) The cells of a row, and the columns of its table.
cells = cells of the row: { $cells }, columns of the table: { $columns }
open-quote = a quotation mark is opened in this row and never closed: all that follows would be one cell
# ($b, $i, $o) t_i of a token.
soft = the values { $b }, { $i }, { $o } of `soft` are no distribution: each must be at least 0 and their sum 1
no-text = its text is empty
no-annotator = it has no annotator
no-question = it has no question: give one for all
weights = the weights must be finite, at least 0, and not all 0

# What one should know about a file although nothing is wrong.
no-questions = it has no questions: give one for all
# ($count) How many records.
null-answers = `answers` is null, taken as “no answer”, in so many records: { $count }
# ($count) How many annotations.
cancelled = { $count ->
        [one] 1 annotation was cancelled or rejected: left out
       *[other] { $count } annotations were cancelled or rejected: left out
    }
# ($count) How many records.
tokens-joined = tokens only, joined by blanks, in so many records: { $count }
# ($count) How many records.
no-ids = { $count ->
        [one] 1 record has no id: numbered
       *[other] { $count } records have no id: numbered
    }
# ($id, $first, $again, $count) An id, the two places where it stands, how many ids are taken.
duplicate-ids = the id { $id } stands twice ({ $first }, { $again }); ids that are taken: { $count }
# ($count) How many answers.
repaired = { $count ->
        [one] 1 answer was moved to the only place where it stands
       *[other] { $count } answers were moved to the only place where they stand
    }
# ($count) How many answers.
first-place = { $count ->
        [one] 1 answer stands several times in its text, without an offset: the first place was taken
       *[other] { $count } answers stand several times in their text, without an offset: the first place was taken
    }
# ($count, $now, $utf16) How many spans; the first one as it reads now, and as UTF-16.
perhaps-utf16 = cut words, in so many spans: { $count }; “{ $now }” as code points would be “{ $utf16 }” as UTF-16
# ($count) How many spans.
is-utf16 = offsets that count UTF-16 units, as the text shows, of so many spans: { $count }
# ($name) A scheme of labels.
scheme = its labels are { $name }
# ($names) The kinds.
kinds = labels of several kinds all count as answers: { $names }
# ($name) An encoding.
encoding = read as { $name }
# ($names) Files in a folder that were not read.
passed-over = files that do not belong to the data were passed over: { $names }
# ($count) How many records.
soft-unused = { $count ->
        [one] t_i set directly in 1 record is not used here
       *[other] t_i set directly in { $count } records is not used here
    }
