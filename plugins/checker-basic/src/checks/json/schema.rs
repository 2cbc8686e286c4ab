//! Whether a value fits a JSON Schema, as far as the schemas of structured replies go.
//!
//! Of the drafts 2019-09 and 2020-12: types, enumerations, the limits of numbers, texts, lists and objects, `properties`,
//! `required`, `items`, `prefixItems`, combinations, conditions, and references within the schema. Of what is not read here
//! (`format`, `pattern`, references elsewhere) it is unknown whether a value fits, and what is built upon the unknown is
//! unknown too: only what is surely wrong is a misfit.

mod combinations;
mod limits;
mod unread;

use serde_json::{Map, Value};

/// References and combinations that are followed for one reply; a schema that refers to itself may go on for ever.
const STEPS: u32 = 20_000;

/// How deep values and references may stand in each other.
const DEEPEST: u32 = 96;

/// Where a value does not fit, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    /// A JSON pointer (RFC 6901).
    pub(super) at: String,
    /// What was expected.
    pub(super) expected: String,
}

/// What is known of a value that is not known to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Fits,
    /// It may fit or not: the schema says something that is not read here.
    Unknown,
}

impl Fit {
    /// What is known where both must hold.
    fn and(self, other: Self) -> Self {
        if self == Self::Fits { other } else { self }
    }
}

/// What is known of a value, or where it does not fit.
type Outcome = Result<Fit, Misfit>;

/// The first place where a value surely does not fit.
pub(super) fn misfit(value: &Value, schema: &Value) -> Option<Misfit> {
    let mut checker = Checker {
        root: schema,
        steps: 0,
        path: String::new(),
    };
    checker.check(value, schema, 0).err()
}

/// Goes through a value with the schema beside it.
struct Checker<'a> {
    root: &'a Value,
    steps: u32,
    path: String,
}

impl<'a> Checker<'a> {
    fn check(&mut self, value: &Value, schema: &'a Value, depth: u32) -> Outcome {
        self.steps += 1;
        if self.steps > STEPS || depth > DEEPEST {
            return Ok(Fit::Unknown);
        }
        let schema = match schema {
            Value::Bool(true) => return Ok(Fit::Fits),
            Value::Bool(false) => return Err(self.misfit("nothing")),
            Value::Object(schema) => schema,
            _ => return Ok(Fit::Unknown),
        };
        let mut fit = if unread::any(value, schema) {
            Fit::Unknown
        } else {
            Fit::Fits
        };
        if let Some(name) = schema.get("$ref") {
            let target = name.as_str().and_then(|name| self.target(name));
            let target = target.map_or(Ok(Fit::Unknown), |target| self.check(value, target, depth + 1));
            fit = fit.and(target?);
        }
        if let Some(expected) = limits::broken(value, schema) {
            return Err(self.misfit(&expected));
        }
        fit = fit.and(self.combinations(value, schema, depth)?);
        Ok(fit.and(match value {
            Value::Object(fields) => self.object(fields, schema, depth)?,
            Value::Array(items) => self.list(items, schema, depth)?,
            _ => Fit::Fits,
        }))
    }

    /// What a reference within the schema points at.
    fn target(&self, name: &str) -> Option<&'a Value> {
        let pointer = name.strip_prefix('#')?;
        self.root.pointer(&pointer.replace("%25", "%"))
    }

    fn object(&mut self, fields: &Map<String, Value>, schema: &'a Map<String, Value>, depth: u32) -> Outcome {
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !fields.contains_key(name) {
                return Err(self.misfit(&format!("a field `{name}`")));
            }
        }
        let known = schema.get("properties").and_then(Value::as_object);
        // Names by patterns are not read, so with them no other field can be told to be one too many.
        let others = schema
            .get("additionalProperties")
            .filter(|_| !schema.contains_key("patternProperties"));
        let mut fit = Fit::Fits;
        for (name, field) in fields {
            let of_field = known.and_then(|known| known.get(name));
            if of_field.is_none() && others == Some(&Value::Bool(false)) {
                return Err(self.misfit(&format!("no field `{}`", name.chars().take(60).collect::<String>())));
            }
            if let Some(schema) = of_field.or(others) {
                fit = fit.and(self.below(name, field, schema, depth)?);
            }
        }
        Ok(fit)
    }

    fn list(&mut self, items: &[Value], schema: &'a Map<String, Value>, depth: u32) -> Outcome {
        let first = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let rest = schema.get("items");
        let mut fit = Fit::Fits;
        for (number, item) in items.iter().enumerate() {
            if let Some(schema) = first.get(number).or(rest) {
                fit = fit.and(self.below(&number.to_string(), item, schema, depth)?);
            }
        }
        Ok(fit)
    }

    fn below(&mut self, name: &str, value: &Value, schema: &'a Value, depth: u32) -> Outcome {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let fit = self.check(value, schema, depth + 1)?;
        self.path.truncate(length);
        Ok(fit)
    }

    fn misfit(&self, expected: &str) -> Misfit {
        Misfit {
            at: self.path.clone(),
            expected: expected.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
