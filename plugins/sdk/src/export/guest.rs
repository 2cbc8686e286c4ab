//! The way from a component's exports to an author's traits: the generated traits, implemented for every policy of a
//! kind.
use std::{cell::RefCell, marker::PhantomData};

use crate::{
    Ability, Checker, Choice, Compression, Compressor, Delta, GuardDecision, Policy, Problem, Review, Router,
    SettingsError, Turn, Verdict,
    bindings::exports::pointsman::policy::{checker, compressor, policy, router},
    panic, settings,
};

/// Where a component keeps its configured policy, which lasts as long as its instance: a static of the policy's type, which the
/// crate of that type has to make. What a call only reads is neither counted nor borrowed, nor asked for its type through a
/// table: all that would write to pages, which a fresh instance pays for.
pub trait Kept<P> {
    /// The policy, once it was configured.
    fn get() -> Option<&'static P>;

    /// Keeps it.
    fn set(policy: &'static P);
}

/// A router as a component's exports see it.
pub struct RouterExport<P, K>(PhantomData<(P, K)>);

/// A compressor as a component's exports see it.
pub struct CompressorExport<P, K>(PhantomData<(P, K)>);

/// A checker as a component's exports see it.
pub struct CheckerExport<P, K>(PhantomData<(P, K)>);

/// One reply under review, as a component's exports see it.
pub struct ReviewExport<P: Checker, K> {
    policy: &'static P,
    review: RefCell<P::Review>,
    kept: PhantomData<K>,
}

fn describe<P: Policy>(abilities: &[Ability]) -> policy::Description {
    panic::report();
    policy::Description {
        name: P::ABOUT.name.to_owned(),
        version: P::ABOUT.version.to_owned(),
        summary: P::ABOUT.summary.to_owned(),
        settings_schema: settings::schema::<P>(),
        abilities: abilities.to_vec(),
    }
}

fn configure<P: Policy, K: Kept<P>>(json: &str) -> Result<&'static P, Vec<SettingsError>> {
    panic::report();
    let policy: &P = Box::leak(Box::new(settings::configure(json)?));
    K::set(policy);
    #[cfg(all(target_arch = "wasm32", target_os = "unknown", feature = "allocator"))]
    crate::allocator::begin_calls();
    Ok(policy)
}

/// The configured policy; where `configure` was never called, one with the settings `{}`.
fn configured<P: Policy, K: Kept<P>>() -> Result<&'static P, Problem> {
    K::get().map_or_else(|| configure::<P, K>("{}"), Ok).map_err(|errors| {
        let errors: Vec<_> = errors
            .iter()
            .map(|error| format!("`{}`: {}", error.path, error.message))
            .collect();
        Problem::failed(format!(
            "called before `configure`, and `{{}}` does not do for settings: {}",
            errors.join("; ")
        ))
    })
}

impl<P: Router, K: Kept<P>> policy::Guest for RouterExport<P, K> {
    fn describe() -> policy::Description {
        describe::<P>(&[])
    }

    fn configure(settings: String) -> Result<(), Vec<SettingsError>> {
        configure::<P, K>(&settings).map(drop)
    }
}

impl<P: Router, K: Kept<P>> router::Guest for RouterExport<P, K> {
    fn route(turn: &Turn) -> Result<Choice, Problem> {
        configured::<P, K>()?.route(turn)
    }
}

impl<P: Compressor, K: Kept<P>> policy::Guest for CompressorExport<P, K> {
    fn describe() -> policy::Description {
        describe::<P>(&[])
    }

    fn configure(settings: String) -> Result<(), Vec<SettingsError>> {
        configure::<P, K>(&settings).map(drop)
    }
}

impl<P: Compressor, K: Kept<P>> compressor::Guest for CompressorExport<P, K> {
    fn compress(turn: &Turn) -> Result<Compression, Problem> {
        configured::<P, K>()?.compress(turn)
    }
}

impl<P: Checker, K: Kept<P>> policy::Guest for CheckerExport<P, K> {
    fn describe() -> policy::Description {
        describe::<P>(P::ABILITIES)
    }

    fn configure(settings: String) -> Result<(), Vec<SettingsError>> {
        configure::<P, K>(&settings).map(drop)
    }
}

impl<P: Checker, K: Kept<P> + 'static> checker::Guest for CheckerExport<P, K> {
    type Review = ReviewExport<P, K>;

    fn guard(turn: &Turn) -> Result<GuardDecision, Problem> {
        configured::<P, K>()?.guard(turn)
    }
}

impl<P: Checker, K: Kept<P> + 'static> checker::GuestReview for ReviewExport<P, K> {
    fn open(turn: &Turn) -> Result<checker::Review, Problem> {
        let policy = configured::<P, K>()?;
        let review = RefCell::new(policy.review(turn)?);
        Ok(checker::Review::new(Self {
            policy,
            review,
            kept: PhantomData,
        }))
    }

    fn feed(&self, turn: &Turn, deltas: Vec<Delta>) -> Result<Option<Verdict>, Problem> {
        self.review.borrow_mut().feed(self.policy, turn, &deltas)
    }

    fn finish(&self, turn: &Turn) -> Result<Verdict, Problem> {
        self.review.borrow_mut().finish(self.policy, turn)
    }
}
