# Heading of the panel.
heading = Self-test
# What is tested, and what it costs.
intro = Does the engine compute in this browser what it should? Kernels, tokenizer, logits and gradients are compared with reference values (Hugging Face, PyTorch), and the 8-bit engine with the same weights in f32 on your text. Workers of its own do it, one after the other; your text and the loaded model are left alone. It takes some seconds, and memory as learning does.
# Begins.
run = Run the self-test
# Stops.
stop = Stop
# ($done, $of) How far it is: tests done, of.
progress = { $done } of { $of } …
# ($passed, $failed, $skipped) What came of it.
verdict = { $passed } passed{ $failed ->
        [0] { "" }
       *[other] , { $failed } failed
    }{ $skipped ->
        [0] { "" }
       *[other] , { $skipped } not run
    }
# A test, for people.
test-kernel = Kernels
# A test, for people.
test-model = Model
# A test, for people.
test-tokenizer = Tokenizer
# A test, for people.
test-logits = Logits, 8-bit engine
# A test, for people.
test-exact = Logits, f32
# A test, for people.
test-gradients = Gradients
# A test, for people.
test-difference = 8-bit against f32
# A test, for people.
test-timings = Times and memory
# How far it is.
state-waiting = waiting
# How far it is.
state-running = running
# How far it is.
state-passed = passed
# How far it is.
state-failed = failed
# How far it is.
state-skipped = not run
# ($name, $reason, $comparisons) The kernels.
found-kernel = { $name }, { $reason }: { $comparisons } comparisons, all equal to the portable kernel
# Why it is this kernel.
reason-able = because this browser has relaxed SIMD
# Why it is this kernel.
reason-unable = because this browser has no relaxed SIMD
# Why it is this kernel.
reason-asked = because the address asks for it
# ($title, $size, $published) The model: MB, whether its hash is the published one.
found-model = { $title }, { $size } MB{ $published ->
        [true] , SHA-256 as published
       *[false] { "" }
    }
# ($texts, $count, $wrong, $first) Ids and offsets: how many differ, and the first of them.
found-tokens = { $wrong ->
        [0] { $texts } texts, { $count } ids and offsets, all equal
       *[other] { $texts } texts, { $wrong } of { $count } ids and offsets differ{ $first }
    }
# ($count, $worst, $limit) Logits.
found-logits = largest difference of { $count }: { $worst } (limit { $limit })
# ($loss, $w, $b, $tensors, $norms, $shares, $limit) Relative differences of the gradients.
found-gradients = relative differences: L { $loss }, ∂L/∂W { $w }, ∂L/∂b { $b }, norms of { $tensors } tensors { $norms }, gradient × input { $shares } (limit { $limit })
# ($example, $tokens, $largest, $mean, $kl, $mean_kl, $limit, $labels) int8 against f32, of the first example or the user's text.
found-difference = { $example ->
        [true] the first example
       *[false] your text
    }, { $tokens } tokens: largest |p_int8 − p_f32| { $largest }, mean { $mean }; largest KL { $kl }, mean { $mean_kl } nats (limit { $limit }); labels that differ: { $labels }
# ($start, $load, $runs, $tokenize, $forward, $decode, $step, $engine, $learner, $page) Times in ms and memory in MB.
found-timings = start { $start } ms, load { $load } ms; median of { $runs }: tokenize { $tokenize } ms, forward { $forward } ms, decode { $decode } ms{ $step }. WebAssembly memory: engine { $engine } MB{ $learner }, page { $page } MB
# ($ms) A part of it.
timing-step = ; a step of learning { $ms } ms
# ($size) A part of it.
memory-learner = , learner { $size } MB
# Why a test has found nothing.
why-own = there are reference values for the shipped models only
# ($why) Why a test has found nothing.
why-no-reference = the reference values could not be fetched ({ $why })
# ($why) Why a test has found nothing.
why-broken = the reference values are damaged ({ $why })
# Why a test has found nothing.
why-no-model = there is no model to ask
# Why a test has found nothing.
why-stopped = stopped
# Heading of int8 against f32.
differences = 8-bit against f32, token by token
# Column headings, as HTML: token, difference of p, KL, label.
columns =
    .item1 = token
    .item2 = |p<sub>int8</sub> − p<sub>f32</sub>|
    .item3 = KL
    .item4 = label
# Heading of the report.
report = Report
# What is in it, and what is not.
report-note = For a message to whoever looks after this page. Nothing of your text is in it.
# Puts it on the clipboard.
copy = Copy
# It is there.
copied = Copied.
# The clipboard is out of reach.
by-hand = The clipboard is out of reach: select the report and copy it.
# Saves it as a file.
save = Save as a file
