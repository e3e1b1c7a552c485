use super::*;

fn span(start: usize, end: usize) -> Span {
    Span { start, end }
}

fn document(paragraph: &str, spans: &[(usize, usize)]) -> Document {
    let mut document = Document { paragraph: paragraph.into(), ..Document::default() };
    document.add_annotator("Ana");
    for &(start, end) in spans {
        document.mark(0, span(start, end));
    }
    document
}

fn marked(document: &Document) -> Vec<String> {
    let units: Vec<u16> = document.paragraph.encode_utf16().collect();
    let slice = |s: &Span| String::from_utf16(&units[s.start..s.end]).expect("spans never split a character");
    document.annotators[0].spans.iter().map(slice).collect()
}

#[test]
fn annotators_say_nothing_of_another_text() {
    let before = || document("The mill by Maria Lopez.", &[(12, 23)]);
    let mut replaced = before();
    replaced.edit_paragraph("On Friday Ada sang.");
    assert!(replaced.annotators.is_empty());
    // The answer alone is gone: of this text they have said that it has none.
    let mut shortened = before();
    shortened.edit_paragraph("The mill by .");
    assert_eq!((shortened.annotators.len(), marked(&shortened).len()), (1, 0));
    // Who has not labelled yet stays, with the name.
    let mut waiting = document("The mill by Maria Lopez.", &[]);
    waiting.edit_paragraph("On Friday Ada sang.");
    assert_eq!(waiting.annotators.len(), 1);
}

#[test]
fn spans_between_two_edits_stay() {
    let mut d = document("On Friday Ada Berg sang in Paris, and Bo listened.", &[(10, 18), (38, 40)]);
    d.edit_paragraph("Last Friday Ada Berg sang in Rome, and Bo listened.");
    assert_eq!(marked(&d), ["Ada Berg", "Bo"]);
    let mut d = document("My colour, and Ada's favour.", &[(15, 20)]);
    d.set_direct(span(15, 18), Some([0.5, 0.0, 0.5]));
    d.edit_paragraph("My color, and Ada's favor.");
    assert_eq!((marked(&d), d.direct[0].start), (vec!["Ada's".to_owned()], 14));
    // Two texts that only share some words.
    let mut d = document("The mill by the river is old.", &[(12, 21)]);
    d.edit_paragraph("When the rain came to the old house, Ada slept by the fire.");
    assert!(d.annotators.is_empty());
}

#[test]
fn spans_follow_an_edit_before_them_and_ignore_one_after() {
    let mut d = document("The mill by Maria Lopez.", &[(12, 23)]);
    d.edit_paragraph("The old 🏚 mill by Maria Lopez.");
    assert_eq!(marked(&d), ["Maria Lopez"]);
    d.edit_paragraph("The old 🏚 mill by Maria Lopez, they say.");
    assert_eq!(marked(&d), ["Maria Lopez"]);
}

#[test]
fn spans_grow_around_an_edit_inside() {
    let mut d = document("by Maria Lopez.", &[(3, 14)]);
    d.edit_paragraph("by Maria B. Lopez.");
    assert_eq!(marked(&d), ["Maria B. Lopez"]);
}

#[test]
fn spans_keep_what_an_edit_leaves() {
    let mut d = document("by Maria Lopez in 1987.", &[(3, 14)]);
    d.edit_paragraph("by Maria.");
    assert_eq!(marked(&d), ["Maria"]);
    let mut d = document("by Maria Lopez in 1987.", &[(3, 14)]);
    d.edit_paragraph("Mr Lopez in 1987.");
    assert_eq!(marked(&d), ["Lopez"]);
}

#[test]
fn spans_that_an_edit_removes_go() {
    let mut d = document("by Maria Lopez in 1987.", &[(3, 14), (18, 22)]);
    d.edit_paragraph("1987.");
    assert_eq!(marked(&d), ["1987"]);
    d.edit_paragraph("");
    assert!(d.annotators.is_empty());
}

#[test]
fn an_edit_never_splits_a_surrogate_pair() {
    // 😀 and 😁 share their first UTF-16 unit.
    let change = Change::between("a😀b", "a😁b");
    assert_eq!(change, Change { start: 1, old: 3, new: 3 });
}

#[test]
fn a_new_span_replaces_those_it_overlaps() {
    let mut d = document("one two three four", &[(0, 3), (8, 18)]);
    d.mark(0, span(4, 13));
    assert_eq!(marked(&d), ["one", "two three"]);
    d.mark(0, span(4, 13));
    assert_eq!(marked(&d), ["one", "two three"]);
}

#[test]
fn adjacent_spans_stay_two() {
    let d = document("one two", &[(0, 3), (3, 7)]);
    assert_eq!(d.annotators[0].spans.len(), 2);
}

#[test]
fn an_inside_goes_on_with_the_span_before() {
    let mut d = document("one two three", &[(0, 3)]);
    d.inside(0, Some(span(0, 3)), span(4, 7));
    assert_eq!(marked(&d), ["one two"]);
    d.inside(0, Some(span(0, 3)), span(4, 7));
    assert_eq!(marked(&d), ["one two"], "it is one already");
    d.inside(0, None, span(0, 3));
    assert_eq!((marked(&d), &d.annotators[0].stray[..]), (vec![], &[span(0, 7)][..]), "the beginning is taken away");
}

#[test]
fn an_answer_that_begins_amid_another_ends_that_one() {
    let mut d = document("one two three four", &[(0, 13)]);
    d.begin(0, span(4, 7));
    assert_eq!(marked(&d), ["one", "two three"]);
    d.begin(0, span(4, 7));
    assert_eq!(marked(&d), ["one", "two three"], "it begins there");
    d.begin(0, span(14, 18));
    assert_eq!(marked(&d), ["one", "two three", "four"]);
    d.begin(0, span(8, 13));
    assert_eq!(marked(&d), ["one", "two", "three", "four"]);
}

#[test]
fn an_inside_without_a_beginning_stays_one() {
    use crate::bio::Label::{B, I, O};
    let tokens = [span(0, 3), span(4, 7), span(8, 13)];
    let mut d = document("one two three", &[]);
    d.inside(0, Some(span(0, 3)), span(4, 7));
    assert_eq!(d.annotators[0].labels(&tokens).unwrap(), [O, I, O]);
    d.inside(0, Some(span(4, 7)), span(8, 13));
    assert_eq!(d.annotators[0].labels(&tokens).unwrap(), [O, I, I]);
    assert_eq!(Document::from_json(&d.to_json()), Some(d.clone()));
    d.mark(0, span(4, 7));
    assert_eq!(d.annotators[0].labels(&tokens).unwrap(), [O, B, I], "a beginning before it mends it");
    d.unmark(0, span(0, 13));
    assert_eq!(d.annotators[0].labels(&tokens).unwrap(), [O, O, O]);
}

#[test]
fn a_token_of_which_t_is_set_directly() {
    let mut d = document("one two three", &[(0, 3)]);
    let t = [2.0 / 3.0, 0.0, 1.0 / 3.0];
    d.set_direct(span(8, 13), Some([0.0, 1.0, 0.0]));
    d.set_direct(span(8, 13), Some(t));
    assert_eq!((d.direct.len(), d.direct_at(span(8, 13))), (1, Some(t)));
    d.edit_paragraph("one or two three");
    assert_eq!(d.direct_at(span(11, 16)), Some(t), "it goes along with its token");
    d.edit_paragraph("one or two trees");
    assert!(d.direct.is_empty(), "another token");
    d.set_direct(span(0, 3), Some(t));
    d.set_direct(span(0, 3), None);
    assert!(d.direct.is_empty() && d.is_labelled());
}

#[test]
fn two_of_three_say_b() {
    let mut d = document("one two", &[(4, 7)]);
    d.two_of_three(span(0, 3), ["a", "b", "c"].map(String::from));
    let spans: Vec<usize> = d.annotators.iter().map(|a| a.spans.len()).collect();
    assert_eq!(spans, [1, 1, 0]);
}

#[test]
fn unmarking_the_middle_leaves_two_trimmed_spans() {
    let mut d = document("one two three", &[(0, 13)]);
    d.unmark(0, span(4, 7));
    assert_eq!(marked(&d), ["one", "three"]);
}

#[test]
fn a_document_survives_its_json_and_old_formats_are_refused() {
    let d = document("one two", &[(0, 3)]);
    assert_eq!(Document::from_json(&d.to_json()), Some(d));
    assert_eq!(Document::from_json(r#"{"version":99}"#), None);
    assert_eq!(Document::from_json("nonsense"), None);
}

#[test]
fn typing_is_one_step_and_undo_brings_labels_back() {
    let mut history = History::default();
    let mut d = document("one two", &[(0, 3)]);
    let before = d.clone();
    for (k, text) in ["one tw", "one t", "one", ""].iter().enumerate() {
        history.record(&d, Edit::Paragraph, 100.0 * k as f64);
        d.edit_paragraph(text);
    }
    let emptied = d.clone();
    d = history.undo(&d).unwrap();
    assert_eq!(d, before);
    assert_eq!(history.reach(), (false, true));
    assert_eq!(history.redo(&d), Some(emptied));
}

#[test]
fn a_pause_or_another_kind_of_edit_is_a_new_step() {
    let mut history = History::default();
    let d = Document::default();
    history.record(&d, Edit::Question, 0.0);
    history.record(&d, Edit::Question, 5000.0);
    history.record(&d, Edit::Paragraph, 5001.0);
    history.record(&d, Edit::Step, 5002.0);
    history.record(&d, Edit::Step, 5003.0);
    for _ in 0..5 {
        assert!(history.undo(&d).is_some());
    }
    assert!(history.undo(&d).is_none());
}

#[test]
fn what_marks_a_document_and_what_ends_an_assignment() {
    let mut hidden = document("Ada sang.", &[]);
    hidden.assignment.hidden = true;
    let after = |change: fn(&mut Document)| {
        let mut d = hidden.clone();
        change(&mut d);
        d.is_marked()
    };
    assert!(!after(|d| d.weigh_annotator(0, 2.0)) && !after(|d| d.rename_annotator(0, "Cy")), "no label yet");
    assert!(!after(|d| d.edit_question("Who?")), "another question says nothing");
    assert!(after(|d| d.mark(0, span(0, 3))) && after(|d| d.inside(0, None, span(0, 3))));
    let mut other = hidden.clone();
    other.set_example("x", "Q", "P", Vec::new());
    assert!(other.assignment.is_none(), "a lesson is about its own text");
}
