//! What a schema says by other schemas: all, any, one or none of them, or one on a condition.

use serde_json::{Map, Value};

use super::{Checker, Fit, Misfit, Outcome};

impl<'a> Checker<'a> {
    pub(super) fn combinations(&mut self, value: &Value, schema: &'a Map<String, Value>, depth: u32) -> Outcome {
        let list = |name: &str| schema.get(name).and_then(Value::as_array);
        let mut fit = Fit::Fits;
        for one in list("allOf").into_iter().flatten() {
            fit = fit.and(self.check(value, one, depth + 1)?);
        }
        if let Some(any) = list("anyOf") {
            fit = fit.and(self.any(value, any, depth)?);
        }
        if let Some(one_of) = list("oneOf") {
            fit = fit.and(self.one(value, one_of, depth)?);
        }
        if let Some(not) = schema.get("not") {
            match self.fits(value, not, depth) {
                Ok(Fit::Fits) => return Err(self.misfit("another form")),
                Ok(Fit::Unknown) => fit = Fit::Unknown,
                Err(_) => {}
            }
        }
        if let Some(condition) = schema.get("if") {
            let then = match self.fits(value, condition, depth) {
                Ok(Fit::Fits) => Some("then"),
                Ok(Fit::Unknown) => None,
                Err(_) => Some("else"),
            };
            fit = fit.and(match then.map(|then| schema.get(then)) {
                Some(Some(then)) => self.check(value, then, depth + 1)?,
                Some(None) => Fit::Fits,
                None => Fit::Unknown,
            });
        }
        Ok(fit)
    }

    fn any(&mut self, value: &Value, any: &'a [Value], depth: u32) -> Outcome {
        let mut fit = None;
        let mut first: Option<Misfit> = None;
        for one in any {
            match self.fits(value, one, depth) {
                Ok(Fit::Fits) => return Ok(Fit::Fits),
                Ok(Fit::Unknown) => fit = Some(Fit::Unknown),
                Err(misfit) => first = first.or(Some(misfit)),
            }
        }
        // Of one kind alone, the misfit within it says more.
        let first = first.filter(|_| any.len() == 1);
        fit.ok_or_else(|| first.unwrap_or_else(|| self.misfit("one of several forms")))
    }

    fn one(&mut self, value: &Value, one_of: &'a [Value], depth: u32) -> Outcome {
        let (mut fitting, mut unknown) = (0, 0);
        for one in one_of {
            match self.fits(value, one, depth) {
                Ok(Fit::Fits) => fitting += 1,
                Ok(Fit::Unknown) => unknown += 1,
                Err(_) => {}
            }
        }
        match (fitting, unknown) {
            (1, 0) => Ok(Fit::Fits),
            (0 | 1, 1..) => Ok(Fit::Unknown),
            _ => Err(self.misfit("exactly one of several forms")),
        }
    }

    /// Checks a value where it may as well not fit.
    fn fits(&mut self, value: &Value, schema: &'a Value, depth: u32) -> Outcome {
        let length = self.path.len();
        let outcome = self.check(value, schema, depth + 1);
        self.path.truncate(length);
        outcome
    }
}
