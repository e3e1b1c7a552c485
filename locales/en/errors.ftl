# As in src/error.rs.
empty-question = The question is empty: type a question first.
# As in src/error.rs.
empty-paragraph = The paragraph is empty: type or paste a paragraph first.
# ($name) As in src/error.rs.
unknown-model = There is no model named “{ $name }”.
# ($file, $status) As in src/error.rs.
missing = The model file { $file } is missing (the server answered { $status }).
# ($file, $why) As in src/error.rs.
network = The model file { $file } could not be downloaded: { $why }. Check the connection and try again.
# ($file, $why) As in src/error.rs.
corrupt = The file { $file } is damaged or of an unknown format: { $why }.
# ($file) As in src/error.rs.
not-chosen = { $file } is not among the chosen files: choose the model's three files together.
# ($file) As in src/error.rs.
unreadable = The file { $file } cannot be read.
# ($why) As in src/error.rs.
mismatch = The model's files do not fit each other: { $why }.
# As in src/error.rs.
no-model = No model is loaded yet.
# As in src/error.rs.
no-simd = This browser cannot run WebAssembly with SIMD; a browser of 2023 or later can.
# ($why) As in src/error.rs.
worker-died = The engine stopped unexpectedly ({ $why }).
# As in src/error.rs.
aborted = The analysis was cancelled.
# As in src/error.rs.
diverged = The loss is no number any more: the learning rate is too high. Undo the last step and take a lower rate.
# ($why) As in src/error.rs.
gold = The gold labels do not fit the paragraph: { $why }.
# As in src/error.rs.
link-broken = The link is damaged or was cut short: copy all of it, or ask for it again. Nothing was changed.
# ($version) As in src/error.rs.
link-too-new = The link was made by a newer Bioscope (its version is { $version }): reload the page or open it where the link was made. Nothing was changed.
# ($bytes) As in src/error.rs.
link-too-long = The text is too long for a link ({ $bytes } bytes): save it as JSON instead.
# ($why) As in src/error.rs.
internal = Something went wrong inside: { $why }.
# ($why) The words of a parser or of the browser, to complete a sentence; where these are another language's, that is said.
detail = { $why }
# ($number, $cause) What is wrong with one annotator's labels, of the messages below.
gold-annotator = annotator { $number }: { $cause }
# ($start, $end) Completes `gold`; as in src/bio/gold.rs.
gold-empty = the span from { $start } to { $end } is empty: its end must come after its start
# ($a, $b, $c, $d) Completes `gold`; as in src/bio/gold.rs.
gold-overlap = the spans { $a } to { $b } and { $c } to { $d } overlap
# ($start, $end, $length) Completes `gold`; as in src/bio/gold.rs.
gold-past-end = the span from { $start } to { $end } ends past the paragraph, whose length is { $length }
# ($start, $end) Completes `gold`; as in src/bio/gold.rs.
gold-no-token = the span from { $start } to { $end } touches no token
# ($a, $b, $c, $d, $token) Completes `gold`; as in src/bio/gold.rs.
gold-shared-token = the spans { $a } to { $b } and { $c } to { $d } fall into the same token (number { $token })
# Completes `gold`; as in src/bio/gold.rs.
gold-no-annotator = there is no annotator
# ($count) Completes `gold`; as in src/bio/gold.rs.
gold-too-many = there are { $count } annotators already
# ($found, $expected) Completes `gold`; as in src/bio/gold.rs.
gold-length = labels given: { $found }, tokens: { $expected }
# ($weights, $annotators) Completes `gold`; as in src/bio/gold.rs.
gold-weight-count = weights given: { $weights }, annotators: { $annotators }
# ($weight, $number) Completes `gold`; as in src/bio/gold.rs.
gold-weight = the weight { $weight } of annotator { $number } is not a finite number of at least 0
# ($sum) Completes `gold`; as in src/bio/gold.rs.
gold-weight-sum = the annotators' weights add up to { $sum }, but a finite sum above 0 is needed
# ($b, $i, $o, $token) Completes `gold`; as in src/bio/gold.rs.
gold-no-distribution = the values { $b }, { $i }, { $o } of token { $token } are no distribution: each must be at least 0 and their sum 1
