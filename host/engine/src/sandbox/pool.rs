//! The pool of instances, fitted to the machine: the kernel allows a process only so many maps, and not every machine can
//! reserve the address space of a large pool.

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::SandboxSettings;

/// Maps that one linear memory takes at most: what lies before its image, the image, what lies behind it, and the guard.
const MAPS_PER_MEMORY: u64 = 4;
/// Linear memories of one instance, where the kernel allows them: most components have one.
const MEMORIES: u32 = 2;
/// Maps left to the rest of the process: threads, libraries, compiled code, the allocator.
const MAPS_FOR_OTHERS: u64 = 8_192;

/// An engine with as large a pool as the machine allows.
pub(super) struct Made {
    pub(super) engine: Engine,
    pub(super) instances: u32,
    pub(super) warnings: Vec<String>,
}

/// Tries the wished pool, smaller ones after it, and at last instances on demand.
pub(super) fn engine(config: Config, settings: &SandboxSettings) -> Result<Made, String> {
    let wished = settings.instances.max(1);
    let mut warnings = Vec::new();
    let memories = memories(wished, &mut warnings);
    let allowed = wished.min(memories);
    let mut instances = allowed;
    loop {
        let mut pooled = config.clone();
        let memories = memories.min(instances.saturating_mul(MEMORIES));
        pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(instances, memories, settings)));
        match Engine::new(&pooled) {
            Ok(engine) => {
                if instances < allowed {
                    warnings.push(format!(
                        "the machine cannot reserve the address space of {allowed} instances: the pool has {instances}"
                    ));
                }
                return Ok(Made {
                    engine,
                    instances,
                    warnings,
                });
            }
            Err(error) if instances <= 8 => {
                warnings.push(format!("no pool of instances could be reserved, they are made on demand, which costs several times as much a call: {error}"));
                break;
            }
            Err(_) => instances /= 2,
        }
    }
    let mut on_demand = config;
    on_demand.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    let engine = Engine::new(&on_demand).map_err(|error| format!("wasmtime cannot run on this machine: {error}"))?;
    Ok(Made {
        engine,
        instances: allowed,
        warnings,
    })
}

fn pool(instances: u32, memories: u32, settings: &SandboxSettings) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        // An adapter brings core instances of its own; most components have three.
        .total_core_instances(instances.saturating_mul(4))
        .total_memories(memories)
        .total_tables(instances.saturating_mul(3))
        .max_core_instances_per_component(100)
        .max_memories_per_component(20)
        .max_tables_per_component(20)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .table_elements(20_000)
        .max_memory_size((settings.instance_mib as usize) << 20)
        // A call dirties some dozen pages: resetting them in place is cheaper than giving them back to the kernel, which
        // also interrupts the other threads. 2 MiB a slot kept 1 GiB resident after a burst.
        .linear_memory_keep_resident(256 << 10)
        // Four thousand functions: more than policies of ordinary toolchains have.
        .table_keep_resident(32 << 10)
        // Finds the dirty pages without touching the clean ones, where the kernel can.
        .pagemap_scan(Enabled::Auto);
    pool
}

/// As many linear memories as so many instances may have, and the kernel's limit of maps leaves room for.
fn memories(instances: u32, warnings: &mut Vec<String>) -> u32 {
    let wished = instances.saturating_mul(MEMORIES);
    let Some((limit, used)) = maps() else { return wished };
    let room = limit
        .saturating_sub(used)
        .saturating_sub(MAPS_FOR_OTHERS.min(limit / 4))
        / MAPS_PER_MEMORY;
    let room = u32::try_from(room).unwrap_or(u32::MAX).max(1);
    if room < instances {
        warnings.push(format!(
            "{instances} instances were asked for, the kernel's limit of {limit} maps leaves room for {room}: raise \
             `vm.max_map_count` for more"
        ));
    }
    wished.min(room)
}

/// The kernel's limit of maps and how many there are now; `None` where the kernel does not tell.
fn maps() -> Option<(u64, u64)> {
    let limit = std::fs::read_to_string("/proc/sys/vm/max_map_count")
        .ok()?
        .trim()
        .parse()
        .ok()?;
    let used = std::fs::read_to_string("/proc/self/maps").ok()?.lines().count() as u64;
    Some((limit, used))
}
