//! Any list of operations against a model that is a map: same outcomes, same sessions.
//!
//! Why through a file that is closed and opened again in between: what is coalesced and batched must not show.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::{Entry, Listed, Recipe, StoreError, Ticket};
use super::{new_file, now, open};

#[derive(Debug, Clone)]
enum Operation {
    Create { id: String, now: i64 },
    Append { id: String, entry: Entry },
    Restart { id: String },
    Delete { id: String },
    Mark { id: String, advanced: u32 },
    Touch { id: String, now: i64 },
    Load { id: String },
    List,
    Expire { before: i64 },
    AwaitAll,
    Reopen,
}

fn operation() -> impl Strategy<Value = Operation> {
    let id = || prop::sample::select(vec!["a", "b", "c"]).prop_map(String::from);
    let entry = || (any::<u32>(), ".{0,40}").prop_map(|(advanced, command)| Entry { advanced, command });
    prop_oneof![
        3 => (id(), 0..100_i64).prop_map(|(id, now)| Operation::Create { id, now }),
        8 => (id(), entry()).prop_map(|(id, entry)| Operation::Append { id, entry }),
        1 => id().prop_map(|id| Operation::Restart { id }),
        1 => id().prop_map(|id| Operation::Delete { id }),
        3 => (id(), any::<u32>()).prop_map(|(id, advanced)| Operation::Mark { id, advanced }),
        3 => (id(), 0..100_i64).prop_map(|(id, now)| Operation::Touch { id, now }),
        2 => id().prop_map(|id| Operation::Load { id }),
        1 => Just(Operation::List),
        1 => (0..60_i64).prop_map(|before| Operation::Expire { before }),
        1 => Just(Operation::AwaitAll),
        1 => Just(Operation::Reopen),
    ]
}

/// What the store ought to be.
#[derive(Default)]
struct Model(BTreeMap<String, Recipe>);

impl Model {
    fn create(&mut self, id: &str, base: String, now: i64) -> Result<(), StoreError> {
        if self.0.contains_key(id) {
            return Err(StoreError::SessionExists { id: id.to_string() });
        }
        let recipe = Recipe { base, generation: 0, log: Vec::new(), mark: 0, created_at: now, last_used: now };
        self.0.insert(id.to_string(), recipe);
        Ok(())
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Recipe)) -> Result<(), StoreError> {
        self.0.get_mut(id).map(change).ok_or_else(|| StoreError::UnknownSession { id: id.to_string() })
    }

    fn list(&self) -> Vec<Listed> {
        let listed = |(id, recipe): (&String, &Recipe)| Listed {
            id: id.clone(),
            created_at: recipe.created_at,
            last_used: recipe.last_used,
        };
        let mut list: Vec<Listed> = self.0.iter().map(listed).collect();
        list.sort_by_key(|session| -session.last_used);
        list
    }

    fn expire(&mut self, before: i64) -> Vec<String> {
        self.0.extract_if(.., |_, recipe| recipe.last_used < before).map(|(id, _)| id).collect()
    }
}

fn await_all(said: &mut Vec<(Ticket, Result<(), StoreError>)>) -> Result<(), TestCaseError> {
    for (ticket, expected) in said.drain(..) {
        prop_assert_eq!(now(ticket), expected);
    }
    Ok(())
}

fn compare(operations: Vec<Operation>) -> Result<(), TestCaseError> {
    let (_folder, file) = new_file();
    let (mut store, mut model, mut said) = (open(&file).unwrap(), Model::default(), Vec::new());
    for (n, operation) in operations.into_iter().enumerate() {
        let base = format!("base {n}");
        match operation {
            Operation::Create { id, now } => {
                said.push((store.create(&id, base.clone(), now), model.create(&id, base, now)));
            }
            Operation::Append { id, entry } => {
                let ticket = store.append(&id, entry.clone());
                let expected = model.change(&id, |recipe| {
                    recipe.log.push(entry);
                    recipe.mark = 0;
                });
                said.push((ticket, expected));
            }
            Operation::Restart { id } => {
                let ticket = store.restart(&id, base.clone());
                let generation = |recipe: &Recipe| recipe.generation + 1;
                let expected = model.change(&id, |recipe| {
                    *recipe =
                        Recipe { base, generation: generation(recipe), log: Vec::new(), mark: 0, ..recipe.clone() };
                });
                said.push((ticket, expected));
            }
            Operation::Delete { id } => {
                let expected = model.0.remove(&id).map(|_| ());
                let expected = expected.ok_or(StoreError::UnknownSession { id: id.clone() });
                said.push((store.delete(&id), expected));
            }
            Operation::Mark { id, advanced } => {
                store.mark(&id, advanced);
                model.change(&id, |recipe| recipe.mark = advanced).ok();
            }
            Operation::Touch { id, now } => {
                store.touch(&id, now);
                model.change(&id, |recipe| recipe.last_used = recipe.last_used.max(now)).ok();
            }
            Operation::Load { id } => prop_assert_eq!(now(store.load(&id)).unwrap(), model.0.get(&id).cloned()),
            Operation::List => prop_assert_eq!(now(store.list()).unwrap(), model.list()),
            Operation::Expire { before } => {
                let mut gone = now(store.expire(before)).unwrap();
                gone.sort();
                prop_assert_eq!(gone, model.expire(before));
            }
            Operation::AwaitAll => await_all(&mut said)?,
            Operation::Reopen => {
                now(store.close()).unwrap();
                store = open(&file).unwrap();
            }
        }
    }
    await_all(&mut said)?;
    for id in ["a", "b", "c"] {
        prop_assert_eq!(now(store.load(id)).unwrap(), model.0.get(id).cloned());
    }
    now(store.close()).unwrap();
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_a_map_that_lasts(operations in prop::collection::vec(operation(), 0..60)) {
        compare(operations)?;
    }
}
