empty-question = The question is empty: type a question first.
empty-paragraph = The paragraph is empty: type or paste a paragraph first.
# ($name)
unknown-model = There is no model named “{ $name }”.
# ($file, $status)
missing = The model file { $file } is missing (the server answered { $status }).
# ($file, $why)
network = The model file { $file } could not be downloaded: { $why }. Check the connection and try again.
# ($file, $why)
corrupt = The file { $file } is damaged or of an unknown format: { $why }.
# ($file)
not-chosen = { $file } is not among the chosen files: choose the model's three files together.
# ($file)
unreadable = The file { $file } cannot be read.
# ($why)
mismatch = The model's files do not fit each other: { $why }.
no-model = No model is loaded yet.
no-simd = This browser cannot run WebAssembly with SIMD; a browser of 2023 or later can.
# ($why)
worker-died = The engine stopped unexpectedly ({ $why }).
aborted = The analysis was cancelled.
diverged = The loss is no number any more: the learning rate is too high. Undo the last step and take a lower rate.
# ($why)
gold = The gold labels do not fit the paragraph: { $why }.
link-broken = The link is damaged or was cut short: copy all of it, or ask for it again. Nothing was changed.
# ($version)
link-too-new = The link was made by a newer Bioscope (its version is { $version }): reload the page or open it where the link was made. Nothing was changed.
# ($bytes)
link-too-long = The text is too long for a link ({ $bytes } bytes): save it as JSON instead.
# ($why)
internal = Something went wrong inside: { $why }.
# ($why) The words of a parser or of the browser, to complete a sentence; where these are another language's, that is said.
detail = { $why }
# ($number, $cause) What is wrong with one annotator's labels, of the messages below.
gold-annotator = annotator { $number }: { $cause }
# ($start, $end) Completes `gold`.
gold-empty = the span from { $start } to { $end } is empty: its end must come after its start
# ($a, $b, $c, $d) Completes `gold`.
gold-overlap = the spans { $a } to { $b } and { $c } to { $d } overlap
# ($start, $end, $length) Completes `gold`.
gold-past-end = the span from { $start } to { $end } ends past the paragraph, whose length is { $length }
# ($start, $end) Completes `gold`.
gold-no-token = the span from { $start } to { $end } touches no token
# ($a, $b, $c, $d, $token) Completes `gold`.
gold-shared-token = the spans { $a } to { $b } and { $c } to { $d } fall into the same token (number { $token })
# Completes `gold`.
gold-no-annotator = there is no annotator
# ($count) Completes `gold`.
gold-too-many = there are { $count } annotators already
# ($found, $expected) Completes `gold`.
gold-length = labels given: { $found }, tokens: { $expected }
# ($weights, $annotators) Completes `gold`.
gold-weight-count = weights given: { $weights }, annotators: { $annotators }
# ($weight, $number) Completes `gold`.
gold-weight = the weight { $weight } of annotator { $number } is not a finite number of at least 0
# ($sum) Completes `gold`.
gold-weight-sum = the annotators' weights add up to { $sum }, but a finite sum above 0 is needed
# ($b, $i, $o, $token) Completes `gold`.
gold-no-distribution = the values { $b }, { $i }, { $o } of token { $token } are no distribution: each must be at least 0 and their sum 1
