//! A run of the self-test: first the program that reads, then, with the first one gone, the one that learns.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_time::Instant;

use crate::bio::{Decoder, Logits};
use crate::error::Error;
use crate::inference::learning::{self, Method, Mode, Optimizer, StepOptions, StepReport, Target};
use crate::inference::{Analysis, Info, ModelOutput};
use crate::page::settings::models::OWN;
use crate::page::state::examples;
use crate::page::state::session::load;
use crate::page::state::store::Store;
use crate::self_test::{
    F32_LIMIT, Found, INT8_LIMIT, LearningCase, Reference, Row, Slopes, State, Test, Timings, Tokens, Why, differences,
    logits, summary, tokens,
};
use crate::worker::{self, Asker, Dense, Event, site, unexpected};

use super::{Differences, SelfTest, browser, report};

/// Path of the reference values below the site's root.
const REFERENCE: &str = "self-test.json";

/// Analyses that the medians are of.
const RUNS: usize = 7;

/// Decoding is quicker than a browser's clock ticks: it is done so often in a row.
const DECODES: u32 = 20;

/// The user has had enough.
struct Stopped;

/// The state of a run.
struct Run {
    store: Store,
    test: SelfTest,
    /// The model in use, by name.
    model: String,
    decoder: Decoder,
    /// The text that int8 and f32 both read.
    text: (String, String),
    /// Whether it is an example.
    example: bool,
    /// Reference values of the model in use.
    reference: Result<Reference, Why>,
    /// What to learn from; for a model of the user's own that of another one.
    case: Option<LearningCase>,
    /// The text as int8 reads it.
    int8: Option<Analysis>,
    timings: Timings,
    /// Lines for the report.
    facts: Vec<(&'static str, String)>,
}

/// Begins a run, unless one is under way.
pub fn start(store: Store, test: SelfTest) {
    if test.running.get_untracked() {
        return;
    }
    test.stopped.set_value(false);
    test.rows.set(Row::all());
    test.differences.set(None);
    test.report.set(None);
    test.running.set(true);
    spawn_local(async move {
        let mut run = Run::new(store, test);
        let _ = run.go().await; // stopped: what is left says so
        test.close();
        for which in Test::ALL {
            if test.rows.with_untracked(|rows| rows.iter().any(|row| row.test == which && row.found.is_none())) {
                run.set(Row::settled(which, Err(Why::Stopped)));
            }
        }
        let text = run.report().await;
        test.report.try_set(Some(text));
        test.running.try_set(false);
    });
}

impl Run {
    fn new(store: Store, test: SelfTest) -> Run {
        let own = store.engine.own.get_untracked();
        let model = if own { OWN.into() } else { store.editor.document.with_untracked(|d| d.model.clone()) };
        let (text, decoder) =
            store.editor.document.with_untracked(|d| ((d.question.clone(), d.paragraph.clone()), d.decoder));
        Run {
            store,
            test,
            model,
            decoder,
            text,
            example: false,
            reference: Err(Why::Own),
            case: None,
            int8: None,
            timings: Timings::default(),
            facts: Vec::new(),
        }
    }

    async fn go(&mut self) -> Result<(), Stopped> {
        if self.store.text_error().is_some() {
            self.take_example();
        }
        self.fetch().await;
        let engine = self.open(Test::Kernel);
        let read = match engine {
            Ok(engine) => self.engine(&engine).await?,
            Err(error) => {
                self.settle(Test::Kernel, Err(Why::Error(error)))?;
                false
            }
        };
        self.test.close();
        if !read {
            return self.without_model();
        }
        match self.open(Test::Exact) {
            Ok(learner) => self.learner(&learner).await,
            Err(error) => self.without_learner(error),
        }
    }

    /// Reads the first example in place of a text that cannot be read.
    fn take_example(&mut self) {
        if let Some(first) = examples::all().first() {
            self.text = (first.question.clone(), first.paragraph.clone());
            self.example = true;
        }
    }

    fn open(&self, first: Test) -> Result<Asker, Error> {
        self.set(Row { test: first, state: State::Running, found: None });
        let asker = Asker::start()?;
        self.test.asker.set_value(Some(asker.clone()));
        Ok(asker)
    }

    /// Puts a row in the place of the one before.
    fn set(&self, row: Row) {
        self.test.rows.try_update(|rows| {
            if let Some(place) = rows.iter_mut().find(|place| place.test == row.test) {
                *place = row;
            }
        });
    }

    fn begin(&self, test: Test) {
        self.set(Row { test, state: State::Running, found: None });
    }

    /// A test is done; whether it was passed.
    fn settle(&self, test: Test, found: Result<Found, Why>) -> Result<bool, Stopped> {
        if self.test.stopped.try_get_value() != Some(false) {
            return Err(Stopped);
        }
        let row = Row::settled(test, found);
        let passed = row.state == State::Passed;
        self.set(row);
        Ok(passed)
    }

    /// The reference values of the model in use.
    async fn fetch(&mut self) {
        let all = match site::text(REFERENCE).await {
            Ok(text) => Reference::read(&text).map_err(Why::Broken),
            Err(why) => Err(Why::NoReference(why)),
        };
        self.reference = match all {
            Ok(all) => {
                self.case = all.first().map(|first| first.case.clone());
                all.into_iter().find(|reference| reference.model == self.model).ok_or(Why::Own)
            }
            Err(why) => Err(why),
        };
        if let Ok(reference) = &self.reference {
            self.case = Some(reference.case.clone());
        }
    }

    /// Kernels, model, tokenizer, logits of the int8 path, times; whether there is a model.
    async fn engine(&mut self, asker: &Asker) -> Result<bool, Stopped> {
        let clock = Instant::now();
        let here = asker.examine(false).await;
        self.timings.start = milliseconds(clock);
        let checked = match here {
            Ok(_) => asker.examine(true).await,
            Err(error) => Err(error),
        };
        let (name, reason) = worker::kernel();
        if let Ok(examined) = &checked {
            self.facts.push(("kernels checked", examined.kernels.replace('|', "; ")));
        }
        let kernel = |comparisons| Found::Kernel { name: name.into(), reason, comparisons };
        self.settle(Test::Kernel, checked.map(|examined| kernel(examined.comparisons)).map_err(Why::Error))?;

        self.begin(Test::Model);
        let clock = Instant::now();
        let loaded = loaded(asker.ask(|client| load(self.store, client)).await);
        self.timings.load = milliseconds(clock);
        if let Ok((info, _)) = &loaded {
            self.note_model(info);
        }
        let published = self.model != OWN;
        let model = |info: Info| Found::Model { title: self.store.title(&info.model), bytes: info.bytes, published };
        let found = loaded.map(|(info, _)| model(info)).map_err(Why::Error);
        if !self.settle(Test::Model, found)? {
            return Ok(false);
        }

        self.begin(Test::Tokenizer);
        let (read, z) = match &self.reference {
            Ok(reference) => match compare_reference(asker, reference).await {
                Ok((tokens, worst, count)) => {
                    (Ok(Found::Tokens(tokens)), Ok(Found::Logits { worst, count, limit: INT8_LIMIT }))
                }
                Err(error) => (Err(Why::Error(error.clone())), Err(Why::Error(error))),
            },
            Err(why) => (Err(why.clone()), Err(why.clone())),
        };
        self.settle(Test::Tokenizer, read)?;
        self.settle(Test::Logits, z)?;

        self.begin(Test::Timings);
        if let Err(error) = self.time(asker).await {
            self.settle(Test::Difference, Err(Why::Error(error.clone())))?;
            self.settle(Test::Timings, Err(Why::Error(error)))?;
        }
        Ok(true)
    }

    /// Reads the text several times: its int8 output, and how long it takes.
    async fn time(&mut self, asker: &Asker) -> Result<(), Error> {
        let (mut tokenize, mut forward, mut decode) = (Vec::new(), Vec::new(), Vec::new());
        while forward.len() < RUNS {
            let output = match analyse(asker, &self.text).await {
                Err(error) if error.is_about_the_text() && !self.example => {
                    self.take_example();
                    continue;
                }
                output => output?,
            };
            tokenize.push(output.tokenize_ms);
            forward.push(output.forward_ms);
            let clock = Instant::now();
            for _ in 0..DECODES {
                self.int8 = Some(Analysis::new(&self.text.1, output.clone(), self.decoder));
            }
            decode.push(milliseconds(clock) / f64::from(DECODES));
        }
        let timings = &mut self.timings;
        timings.runs = RUNS;
        (timings.tokenize, timings.forward, timings.decode) = (median(tokenize), median(forward), median(decode));
        timings.engine = asker.examine(false).await?.memory;
        Ok(())
    }

    /// Logits in f32, gradients, int8 against f32, a step's time.
    async fn learner(&mut self, asker: &Asker) -> Result<(), Stopped> {
        let dense = match loaded(asker.ask(|client| load(self.store, client)).await) {
            Ok((_, dense)) => dense,
            Err(error) => return self.without_learner(error),
        };
        // The user's text last, behind those with reference logits.
        let mut texts = self.reference.as_ref().map(Reference::pairs).unwrap_or_default();
        texts.push(self.text.clone());
        let mut outputs = match asker.ask(|client| client.check(&texts)).await {
            Ok(Event::Checked { outputs, .. }) if outputs.len() == texts.len() => outputs,
            Ok(_) => return self.without_learner(unexpected()),
            Err(error) => return self.without_learner(error),
        };
        let mine = outputs.pop();
        let exact = self.reference.as_ref().map(|reference| logits(&reference.texts, &outputs));
        let exact = exact.map(|(worst, count)| Found::Logits { worst, count, limit: F32_LIMIT });
        self.settle(Test::Exact, exact.map_err(Clone::clone))?;
        if let (Some(int8), Some(f32)) = (&self.int8, mine) {
            let z: Vec<Logits> = f32.tokens.iter().map(|token| token.logits).collect();
            let all = differences(&int8.logits(), &z);
            let found = Found::Difference { summary: summary(&all), example: self.example };
            let texts = int8.tokens.iter().map(|token| token.text.clone()).collect();
            self.settle(Test::Difference, Ok(found))?;
            self.test.differences.try_set(Some(Arc::new(Differences { texts, all })));
        }

        self.begin(Test::Gradients);
        let slopes = match &self.case {
            Some(case) => slopes(asker, case, &dense).await.map_err(Why::Error),
            None => Err(Why::NoModel), // not said: the reference's own reason is
        };
        if let Ok((_, step)) = &slopes {
            self.timings.step = Some(step.milliseconds);
            self.timings.learner = Some(step.memory);
        }
        let found = match (&self.reference, slopes) {
            (Ok(reference), Ok((slopes, _))) => Ok(Found::Gradients(reference.case.compare(&slopes))),
            (Ok(_), Err(why)) => Err(why),
            (Err(why), _) => Err(why.clone()),
        };
        self.settle(Test::Gradients, found)?;
        self.settle_timings()
    }

    fn settle_timings(&mut self) -> Result<(), Stopped> {
        if self.int8.is_some() {
            self.timings.page = core::arch::wasm32::memory_size(0) << 16; // pages of 64 KiB
            self.settle(Test::Timings, Ok(Found::Timings(self.timings.clone())))?;
        }
        Ok(())
    }

    fn without_model(&self) -> Result<(), Stopped> {
        for test in
            [Test::Model, Test::Tokenizer, Test::Logits, Test::Exact, Test::Gradients, Test::Difference, Test::Timings]
        {
            if self.test.rows.with_untracked(|rows| rows.iter().any(|r| r.test == test && r.found.is_none())) {
                self.settle(test, Err(Why::NoModel))?;
            }
        }
        Ok(())
    }

    fn without_learner(&mut self, error: Error) -> Result<(), Stopped> {
        for test in [Test::Exact, Test::Gradients, Test::Difference] {
            if self.test.rows.with_untracked(|rows| rows.iter().any(|r| r.test == test && r.found.is_none())) {
                self.settle(test, Err(Why::Error(error.clone())))?;
            }
        }
        self.settle_timings()
    }

    fn note_model(&mut self, info: &Info) {
        let Info { model, quantization, layers, hidden_size, parameters, .. } = info;
        let text = format!("{model}, {quantization}, {layers} layers, d = {hidden_size}, {parameters} parameters");
        self.facts.push(("model", text));
        for file in self.store.entry(model).map(|entry| entry.files).unwrap_or_default() {
            self.facts.push(("file", format!("{}, {} bytes, SHA-256 {}", file.name, file.bytes, file.sha256)));
        }
    }

    /// The report on this run.
    async fn report(&mut self) -> String {
        let mut facts = vec![
            ("date", String::from(js_sys::Date::new_0().to_iso_string())),
            ("page", format!("version {}{}", worker::VERSION, if site::single() { ", single file" } else { "" })),
        ];
        facts.append(&mut self.facts);
        let bytes = |bytes: Option<f64>| bytes.map_or("not told".into(), |bytes| bytes.to_string());
        facts.push(("JavaScript heap of the page (bytes)", bytes(browser::heap())));
        facts.push(("page with its workers as the browser measures (bytes)", bytes(browser::measured().await)));
        facts.extend(browser::facts());
        let differences = self.test.differences.try_get_untracked().flatten();
        let rows = self.test.rows.try_get_untracked().unwrap_or_default();
        report::text(&rows, &facts, differences.as_ref().map_or(&[], |differences| &differences.all))
    }
}

fn loaded(reply: Result<Event, Error>) -> Result<(Info, Dense), Error> {
    match reply? {
        Event::Ready { info, dense, .. } => Ok((info, dense)),
        _ => Err(unexpected()),
    }
}

async fn analyse(asker: &Asker, (question, paragraph): &(String, String)) -> Result<ModelOutput, Error> {
    match asker.ask(|client| client.analyse(question, paragraph)).await? {
        Event::Analysed { output, .. } => Ok(output),
        _ => Err(unexpected()),
    }
}

/// Token ids, places, and logits of the reference's texts.
async fn compare_reference(asker: &Asker, reference: &Reference) -> Result<(Tokens, f64, usize), Error> {
    let pairs = reference.pairs();
    let mut outputs = Vec::new();
    for pair in &pairs {
        outputs.push(analyse(asker, pair).await?);
    }
    let (worst, count) = logits(&reference.texts, &outputs);
    Ok((tokens(&reference.texts, &outputs), worst, count))
}

/// The gradients of the reference example. One step of SGD at rate 1 takes the gradient away from the weights.
async fn slopes(asker: &Asker, case: &LearningCase, before: &Dense) -> Result<(Slopes, StepReport), Error> {
    let target = Target { token: case.token, label: case.label, method: Method::Gradient };
    let explaining = asker.ask(|client| client.attribute(&case.question, &case.paragraph, target));
    let Event::Attributed { attribution, .. } = explaining.await? else { return Err(unexpected()) };
    let instance = learning::LabelledText {
        question: case.question.clone(),
        paragraph: case.paragraph.clone(),
        gold: case.gold.clone(),
    };
    let options = StepOptions { mode: Mode::Joint, optimizer: Optimizer::Sgd, learning_rate: Some(1.0) };
    let Event::Stepped { report: Some(report), dense: after, .. } =
        asker.ask(|client| client.step(&[instance], options)).await?
    else {
        return Err(unexpected());
    };
    let taken = |(before, after): (&f32, &f32)| f64::from(before - after);
    let slopes = Slopes {
        loss: report.loss_before,
        w: before.w.iter().flatten().zip(after.w.iter().flatten()).map(taken).collect(),
        b: before.b.iter().zip(&after.b).map(taken).collect(),
        norms: report.update_norms.clone(),
        shares: attribution.tokens.iter().map(|share| share.value).collect(),
    };
    Ok((slopes, report))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

fn median(values: Vec<f64>) -> f64 {
    // A handful: not worth another sort in the page's program.
    let mut sorted = Vec::new();
    for value in values {
        sorted.insert(sorted.partition_point(|other| *other < value), value);
    }
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
