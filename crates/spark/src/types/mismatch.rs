//! Why Spark refuses an expression.

use std::borrow::Cow;

/// What is wrong with an expression, in Spark's words, without the expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Spark's error class, such as `DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES`.
    pub class: &'static str,
    /// The explanation behind Spark's head line; the whole sentence where the class has no head line.
    pub detail: Cow<'static, str>,
    /// The operand or argument at fault, counted from zero, where it is a single one.
    pub operand: Option<usize>,
}

impl Mismatch {
    /// A fault of that class.
    pub fn new(class: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            class,
            detail: detail.into(),
            operand: None,
        }
    }

    /// The same fault, laid at one operand.
    #[must_use]
    pub fn at(mut self, operand: usize) -> Self {
        self.operand = Some(operand);
        self
    }

    /// The same fault, explained by another sentence.
    #[must_use]
    pub(crate) fn with_detail(mut self, detail: String) -> Self {
        self.detail = Cow::Owned(detail);
        self
    }

    /// Spark's message for the expression that is written so in Spark's spelling, and for its operands.
    pub fn message_of(&self, expression: &str, operands: &[Cow<'_, str>]) -> String {
        let message = self.message(expression);
        match self.operand.and_then(|operand| operands.get(operand)) {
            Some(operand) => message.replacen(" it has the type", &format!(" \"{operand}\" has the type"), 1),
            None => message,
        }
    }

    /// Spark's message for the expression that is written so in Spark's spelling.
    pub fn message(&self, expression: &str) -> String {
        if self.class.starts_with("DATATYPE_MISMATCH") {
            format!(
                "Cannot resolve \"{expression}\" due to data type mismatch: {}",
                self.detail
            )
        } else {
            self.detail.clone().into_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::types::operators::not;
    use crate::types::{DataType, Operand};

    #[test]
    fn a_message_names_the_operand() {
        let mismatch = not(&Operand::of(DataType::Date)).unwrap_err();
        assert_eq!(
            mismatch.message_of("(NOT d)", &[Cow::Borrowed("d")]),
            "Cannot resolve \"(NOT d)\" due to data type mismatch: Parameter 1 requires the \"BOOLEAN\" type, however \"d\" has the type \
             \"DATE\"."
        );
    }
}
