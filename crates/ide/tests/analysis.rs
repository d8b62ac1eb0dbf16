//! Editing a project.

use crate::common::{ROOT, fixture};
use glueline_ide::Change;

#[test]
fn an_edit_makes_a_new_project_and_leaves_the_old_one() {
    let before = fixture("//- models/a.sql\nselect 1 as x$0\n").analysis;
    let path = format!("{ROOT}/models/a.sql");
    let change = |text: Option<&str>| Change {
        path: path.as_str().into(),
        text: text.map(Into::into),
    };
    let after = before.edited(&[change(Some("select 2 as y\n"))]).unwrap();
    let file = after.file(path.as_str().into()).unwrap();
    assert_eq!(after.text(file), "select 2 as y\n");
    assert_eq!(before.text(file), "select 1 as x\n");
    let back = after.edited(&[change(None)]).unwrap();
    assert_eq!(back.text(file), "select 1 as x\n");
}
