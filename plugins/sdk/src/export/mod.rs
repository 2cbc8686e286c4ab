//! The way from a component's exports to an author's traits: the macros that lay it.
//!
//! Nothing here is for authors but the three macros; the rest is public because they expand in the author's crate.
#[cfg(target_arch = "wasm32")]
mod guest;

#[cfg(target_arch = "wasm32")]
pub use guest::{CheckerExport, CompressorExport, Kept, RouterExport};

/// Compiles only for a router, so that a native build notices a missing trait too.
pub const fn assert_router<P: crate::Router>() {}

/// Compiles only for a compressor.
pub const fn assert_compressor<P: crate::Compressor>() {}

/// Compiles only for a checker.
pub const fn assert_checker<P: crate::Checker>() {}

/// Makes a crate the component of this [`Router`](crate::Router). Once in a crate; natively it only checks the type.
#[macro_export]
macro_rules! export_router {
    ($policy:ty) => {
        const _: () = $crate::export::assert_router::<$policy>();
        $crate::__export_kind!(
            $policy,
            RouterExport,
            router,
            __export_pointsman_policy_router_0_1_0_cabi,
            "component-type:pointsman:router",
            ROUTER_WORLD
        );
    };
}

/// Makes a crate the component of this [`Compressor`](crate::Compressor). Once in a crate; natively it only checks the
/// type.
#[macro_export]
macro_rules! export_compressor {
    ($policy:ty) => {
        const _: () = $crate::export::assert_compressor::<$policy>();
        $crate::__export_kind!(
            $policy,
            CompressorExport,
            compressor,
            __export_pointsman_policy_compressor_0_1_0_cabi,
            "component-type:pointsman:compressor",
            COMPRESSOR_WORLD
        );
    };
}

/// Makes a crate the component of this [`Checker`](crate::Checker). Once in a crate; natively it only checks the type.
#[macro_export]
macro_rules! export_checker {
    ($policy:ty) => {
        const _: () = $crate::export::assert_checker::<$policy>();
        $crate::__export_kind!(
            $policy,
            CheckerExport,
            checker,
            __export_pointsman_policy_checker_0_1_0_cabi,
            "component-type:pointsman:checker",
            CHECKER_WORLD
        );
    };
}

/// What the three macros share: the exports of `policy` and of the kind, and the section that names the world.
///
/// wit-bindgen makes one macro for each exported interface. Their names are its own affair, so its version is pinned.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_kind {
    ($policy:ty, $exported:ident, $interface:ident, $export:ident, $section:literal, $world:ident) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::bindings::exports::pointsman::policy as __interfaces;

            ::std::thread_local! {
                static __KEPT: ::core::cell::Cell<Option<&'static $policy>> = const { ::core::cell::Cell::new(None) };
            }

            // Names that no author gives: the policy may have any other.
            struct __Kept;

            impl $crate::export::Kept<$policy> for __Kept {
                fn get() -> Option<&'static $policy> {
                    __KEPT.get()
                }

                fn set(policy: &'static $policy) {
                    __KEPT.set(Some(policy));
                }
            }

            type __Exported = $crate::export::$exported<$policy, __Kept>;
    __interfaces::policy::__export_pointsman_policy_policy_0_1_0_cabi!(__Exported with_types_in __interfaces::policy);
    __interfaces::$interface::$export!(__Exported with_types_in __interfaces::$interface);

            #[used]
            #[unsafe(link_section = $section)]
            static WORLD: [u8; $crate::bindings::$world.len()] = *$crate::bindings::$world;
        };
    };
}
