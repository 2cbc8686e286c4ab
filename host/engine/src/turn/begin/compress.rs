//! Compressors: which messages are sent?

use std::sync::Arc;

use crate::decision::{Compression, Decision, Memory};
use crate::edit::{Locks, edited};
use crate::policy::call::Policy;
use crate::settings::PolicyKind;
use crate::turn::{Turn, TurnError};

impl Turn {
    pub(super) async fn compress(&mut self) -> Result<(), TurnError> {
        for index in self.slots(PolicyKind::Compressor) {
            if self.refusal.is_some() {
                self.record.slots.push(self.slot_record(index, None));
                continue;
            }
            let memory = self.load_memory(index).await;
            let conversation = self.conversation().clone();
            let check = move |c: Compression| Ok((edited(&conversation, &c.edits, Locks::Hold)?, c));
            let ask = |policy: Arc<Policy>, call| {
                let check = check.clone();
                async move { policy.compress(call).await.checked(check) }
            };
            let mut asked = self.ask(index, memory, ask).await?;
            if let Some((shorter, compression)) = &asked.decided {
                let (shorter, remember) = (shorter.clone(), compression.remember.clone());
                if let Some(shorter) = shorter {
                    self.carry_out(index, &mut asked, shorter, Locks::Hold);
                }
                let key = self.memory_key(&self.snapshot.slots[index].name);
                if let (true, Some(memory), Some(key)) = (self.enforces(index), remember, key) {
                    self.remember.push((key, memory));
                }
            }
            let record = asked.into_record(|(_, compression)| Decision::Compress(compression));
            self.record.slots.push(record);
        }
        Ok(())
    }

    async fn load_memory(&self, index: usize) -> Option<Memory> {
        let key = self.memory_key(&self.snapshot.slots[index].name)?;
        match self.engine.inner.memory.load(&key).await {
            Ok(memory) => memory,
            Err(error) => {
                tracing::warn!(slot = key.slot, "memory could not be read: {error}");
                None
            }
        }
    }
}
