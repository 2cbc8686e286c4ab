//! Whether a value fits a JSON Schema, as far as the schemas of structured replies go.
//!
//! Of the drafts 2019-09 and 2020-12: types, enumerations, the limits of numbers, texts, lists and objects, `properties`,
//! `required`, `items`, `prefixItems`, combinations, conditions, and references within the schema. What is not known here
//! (`format`, `pattern`, references elsewhere) is not checked, and so never wrong.

mod limits;

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

/// The first place where a value does not fit.
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
    fn check(&mut self, value: &Value, schema: &'a Value, depth: u32) -> Result<(), Misfit> {
        self.steps += 1;
        if self.steps > STEPS || depth > DEEPEST {
            return Ok(());
        }
        let schema = match schema {
            Value::Bool(false) => return Err(self.misfit("nothing")),
            Value::Object(schema) => schema,
            _ => return Ok(()),
        };
        if let Some(target) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|name| self.target(name))
        {
            self.check(value, target, depth + 1)?;
        }
        if let Some(expected) = limits::broken(value, schema) {
            return Err(self.misfit(&expected));
        }
        self.combinations(value, schema, depth)?;
        match value {
            Value::Object(fields) => self.object(fields, schema, depth),
            Value::Array(items) => self.list(items, schema, depth),
            _ => Ok(()),
        }
    }

    /// What a reference within the schema points at.
    fn target(&self, name: &str) -> Option<&'a Value> {
        let pointer = name.strip_prefix('#')?;
        self.root.pointer(&pointer.replace("%25", "%"))
    }

    fn combinations(&mut self, value: &Value, schema: &'a Map<String, Value>, depth: u32) -> Result<(), Misfit> {
        let list = |name: &str| schema.get(name).and_then(Value::as_array);
        for one in list("allOf").into_iter().flatten() {
            self.check(value, one, depth + 1)?;
        }
        if let Some(any) = list("anyOf") {
            let mut first = None;
            if !any.iter().any(|one| self.fits(value, one, depth, &mut first)) {
                // Of one kind alone, the misfit within it says more.
                return Err(first
                    .filter(|_| any.len() == 1)
                    .unwrap_or_else(|| self.misfit("one of several forms")));
            }
        }
        if let Some(one_of) = list("oneOf") {
            let fitting = one_of
                .iter()
                .filter(|one| self.fits(value, one, depth, &mut None))
                .count();
            if fitting != 1 {
                return Err(self.misfit("exactly one of several forms"));
            }
        }
        if let Some(not) = schema.get("not")
            && self.fits(value, not, depth, &mut None)
        {
            return Err(self.misfit("another form"));
        }
        if let Some(condition) = schema.get("if") {
            let then = if self.fits(value, condition, depth, &mut None) {
                "then"
            } else {
                "else"
            };
            if let Some(then) = schema.get(then) {
                self.check(value, then, depth + 1)?;
            }
        }
        Ok(())
    }

    fn fits(&mut self, value: &Value, schema: &'a Value, depth: u32, misfit: &mut Option<Misfit>) -> bool {
        let length = self.path.len();
        let result = self.check(value, schema, depth + 1);
        self.path.truncate(length);
        match result {
            Ok(()) => true,
            Err(wrong) => {
                misfit.get_or_insert(wrong);
                false
            }
        }
    }

    fn object(
        &mut self,
        fields: &Map<String, Value>,
        schema: &'a Map<String, Value>,
        depth: u32,
    ) -> Result<(), Misfit> {
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
        for (name, field) in fields {
            let of_field = known.and_then(|known| known.get(name));
            if of_field.is_none() && others == Some(&Value::Bool(false)) {
                return Err(self.misfit(&format!("no field `{}`", name.chars().take(60).collect::<String>())));
            }
            if let Some(schema) = of_field.or(others) {
                self.below(name, field, schema, depth)?;
            }
        }
        Ok(())
    }

    fn list(&mut self, items: &[Value], schema: &'a Map<String, Value>, depth: u32) -> Result<(), Misfit> {
        let first = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let rest = schema.get("items");
        for (number, item) in items.iter().enumerate() {
            if let Some(schema) = first.get(number).or(rest) {
                self.below(&number.to_string(), item, schema, depth)?;
            }
        }
        Ok(())
    }

    fn below(&mut self, name: &str, value: &Value, schema: &'a Value, depth: u32) -> Result<(), Misfit> {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        self.check(value, schema, depth + 1)?;
        self.path.truncate(length);
        Ok(())
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
