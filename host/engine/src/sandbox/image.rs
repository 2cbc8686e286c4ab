//! A component's configured state as a component again, so that fresh instances start where `configure` ended.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmtime::component::{Component, Instance, Lift, WasmList};
use wasmtime::{Store, error::Context as _};
use wasmtime_wizer::{ComponentContext, ComponentInstanceState, Wizer};

use super::instance::{Guest, Host};

/// A component with accessors to all of its state, about to be configured.
pub(crate) struct Instrumented<'a> {
    wizer: Wizer,
    context: ComponentContext<'a>,
    /// What to compile and configure.
    pub(crate) component: Vec<u8>,
}

/// Prepares a snapshot.
///
/// # Errors
/// The component has a form that cannot be snapshotted, in wizer's words: it is then configured in each instance.
pub(crate) fn instrument(component: &[u8]) -> Result<Instrumented<'_>, String> {
    let wizer = Wizer::new();
    let (context, instrumented) = wizer
        .instrument_component(component)
        .map_err(|error| format!("{error:#}"))?;
    Ok(Instrumented {
        wizer,
        context,
        component: instrumented,
    })
}

/// Reads the state of a configured instance into a new component.
pub(crate) fn snapshot<H: Host>(
    prepared: &Instrumented<'_>,
    store: &mut Store<Guest<H>>,
    instance: Instance,
    component: &Component,
) -> Result<Vec<u8>, String> {
    let mut state = State {
        store,
        instance,
        component,
        fault: None,
    };
    let image = now(prepared.wizer.snapshot_component(&prepared.context, &mut state));
    match (state.fault, image) {
        (Some(fault), _) => Err(fault),
        (None, Some(image)) => image.map_err(|error| format!("{error:#}")),
        (None, None) => Err("the snapshot did not finish".to_owned()),
    }
}

/// Wizer's interface is asynchronous, our state answers at once.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

struct State<'a, H: 'static> {
    store: &'a mut Store<Guest<H>>,
    instance: Instance,
    component: &'a Component,
    fault: Option<String>,
}

impl<H: Host> State<'_, H> {
    fn call<R: Lift + Send + Sync + 'static>(&mut self, interface: &str, function: &str) -> Option<R> {
        match self.try_call(interface, function) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault
                    .get_or_insert(format!("the state could not be read: {error:#}"));
                None
            }
        }
    }

    fn try_call<R: Lift + Send + Sync + 'static>(&mut self, interface: &str, function: &str) -> wasmtime::Result<R> {
        let interface = self
            .component
            .get_export_index(None, interface)
            .context("no accessor interface")?;
        let function = self
            .component
            .get_export_index(Some(&interface), function)
            .context("no accessor")?;
        let function = self.instance.get_typed_func::<(), (R,)>(&mut *self.store, function)?;
        Ok(function.call(&mut *self.store, ())?.0)
    }
}

impl<H: Host> ComponentInstanceState for State<'_, H> {
    async fn call_func_ret_list_u8(&mut self, instance: &str, func: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.call::<WasmList<u8>>(instance, func) {
            Some(list) => contents(list.as_le_slice(&*self.store)),
            None => contents(&[]),
        }
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.call(instance, func).unwrap_or_default()
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.call(instance, func).unwrap_or_default()
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.call::<f32>(instance, func).unwrap_or_default().to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.call::<f64>(instance, func).unwrap_or_default().to_bits()
    }
}
