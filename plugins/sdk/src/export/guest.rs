//! The way from a component's exports to an author's traits: the generated traits, implemented for every policy of a
//! kind.
use std::{any::Any, cell::RefCell, marker::PhantomData, rc::Rc};

use crate::{
    Ability, Checker, Choice, Compression, Compressor, Delta, GuardDecision, Policy, Problem, Review, Router,
    SettingsError, Turn, Verdict,
    bindings::exports::pointsman::policy::{checker, compressor, policy, router},
    panic, settings,
};

/// A router as a component's exports see it.
pub struct RouterExport<P>(PhantomData<P>);

/// A compressor as a component's exports see it.
pub struct CompressorExport<P>(PhantomData<P>);

/// A checker as a component's exports see it.
pub struct CheckerExport<P>(PhantomData<P>);

/// One reply under review, as a component's exports see it.
pub struct ReviewExport<P: Checker> {
    policy: Rc<P>,
    review: RefCell<P::Review>,
}

thread_local! {
    // A static cannot be generic. There is one policy in a component, so its type is always the one that is asked for.
    static CONFIGURED: RefCell<Option<Rc<dyn Any>>> = const { RefCell::new(None) };
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

fn configure<P: Policy>(json: &str) -> Result<Rc<P>, Vec<SettingsError>> {
    panic::report();
    let policy = Rc::new(settings::configure::<P>(json)?);
    CONFIGURED.set(Some(policy.clone()));
    #[cfg(all(target_arch = "wasm32", target_os = "unknown", feature = "allocator"))]
    crate::allocator::begin_calls();
    Ok(policy)
}

/// The configured policy; where `configure` was never called, one with the settings `{}`.
fn configured<P: Policy>() -> Result<Rc<P>, Problem> {
    let kept = CONFIGURED
        .with_borrow(Clone::clone)
        .and_then(|policy| policy.downcast().ok());
    kept.map_or_else(|| configure("{}"), Ok).map_err(|errors| {
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

impl<P: Router> policy::Guest for RouterExport<P> {
    fn describe() -> policy::Description {
        describe::<P>(&[])
    }

    fn configure(settings: String) -> Result<(), Vec<SettingsError>> {
        configure::<P>(&settings).map(drop)
    }
}

impl<P: Router> router::Guest for RouterExport<P> {
    fn route(turn: &Turn) -> Result<Choice, Problem> {
        configured::<P>()?.route(turn)
    }
}

impl<P: Compressor> policy::Guest for CompressorExport<P> {
    fn describe() -> policy::Description {
        describe::<P>(&[])
    }

    fn configure(settings: String) -> Result<(), Vec<SettingsError>> {
        configure::<P>(&settings).map(drop)
    }
}

impl<P: Compressor> compressor::Guest for CompressorExport<P> {
    fn compress(turn: &Turn) -> Result<Compression, Problem> {
        configured::<P>()?.compress(turn)
    }
}

impl<P: Checker> policy::Guest for CheckerExport<P> {
    fn describe() -> policy::Description {
        describe::<P>(P::ABILITIES)
    }

    fn configure(settings: String) -> Result<(), Vec<SettingsError>> {
        configure::<P>(&settings).map(drop)
    }
}

impl<P: Checker> checker::Guest for CheckerExport<P> {
    type Review = ReviewExport<P>;

    fn guard(turn: &Turn) -> Result<GuardDecision, Problem> {
        configured::<P>()?.guard(turn)
    }
}

impl<P: Checker> checker::GuestReview for ReviewExport<P> {
    fn open(turn: &Turn) -> Result<checker::Review, Problem> {
        let policy = configured::<P>()?;
        let review = RefCell::new(policy.review(turn)?);
        Ok(checker::Review::new(Self { policy, review }))
    }

    fn feed(&self, turn: &Turn, deltas: Vec<Delta>) -> Result<Option<Verdict>, Problem> {
        self.review.borrow_mut().feed(&self.policy, turn, &deltas)
    }

    fn finish(&self, turn: &Turn) -> Result<Verdict, Problem> {
        self.review.borrow_mut().finish(&self.policy, turn)
    }
}
