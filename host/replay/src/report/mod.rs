//! Reports as one HTML file each, with nothing to load: styles and plots are inside.

mod difference;
mod page;
mod plot;
mod replayed;
mod trained;

pub use self::page::{Page, escape};
pub use self::plot::{Plot, Series, bars};
pub use self::replayed::replayed;
pub use self::trained::trained_router;
