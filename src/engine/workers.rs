//! The cores that work is spread over. Results come back in the order of their indices, so that the number of threads
//! changes no byte.

#[cfg(feature = "parallel")]
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A pool of threads, or the one thread there is. Clones share the pool.
#[derive(Clone, Debug)]
pub struct Workers {
    #[cfg(feature = "parallel")]
    pool: Option<Arc<rayon::ThreadPool>>,
}

impl Workers {
    /// A pool of `threads` threads; `None` takes one a core.
    ///
    /// Without the feature `parallel`, or where no threads can be started, everything runs on the calling thread.
    pub fn new(threads: Option<usize>) -> Workers {
        #[cfg(feature = "parallel")]
        {
            // Left to itself, the library would ask the environment (RAYON_NUM_THREADS), without a bound.
            let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let pool = match threads.unwrap_or_else(cores) {
                1 => None,
                threads => rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok().map(Arc::new),
            };
            Workers { pool }
        }
        #[cfg(not(feature = "parallel"))]
        {
            let _ = threads;
            Workers {}
        }
    }

    /// The number of threads.
    pub fn threads(&self) -> usize {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            return pool.current_num_threads();
        }
        1
    }

    /// The results of `task(0)`, …, `task(count − 1)`, in that order.
    pub fn map<T: Send>(&self, count: usize, task: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
        self.map_with(count, || (), |(), i| task(i))
    }

    /// [`Workers::map`] with scratch memory, which a worker takes for one task after the other. What a task returns must not depend on
    /// what an earlier one left there.
    pub fn map_with<S: Send, T: Send>(
        &self,
        count: usize,
        scratch: impl Fn() -> S + Sync + Send,
        task: impl Fn(&mut S, usize) -> T + Sync + Send,
    ) -> Vec<T> {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            let scratches = Mutex::new(Vec::new());
            let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::default()).collect();
            each_index(pool, count, &|i| {
                let free = locked(&scratches).pop();
                let mut taken = free.unwrap_or_else(&scratch);
                let result = task(&mut taken, i);
                locked(&scratches).push(taken);
                *locked(&results[i]) = Some(result);
            });
            let results = results.into_iter().map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner));
            return results.flatten().collect();
        }
        let mut scratch = scratch();
        (0..count).map(|i| task(&mut scratch, i)).collect()
    }

    /// Runs `task` on each of `items`, which are each one task's alone.
    pub fn each<T: Send>(&self, items: &mut [T], task: impl Fn(&mut T) + Sync) {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            let items: Vec<Mutex<&mut T>> = items.iter_mut().map(Mutex::new).collect();
            return each_index(pool, items.len(), &|i| task(&mut locked(&items[i])));
        }
        items.iter_mut().for_each(task);
    }
}

/// Runs a task for each index up to `count`. What spreads the work is compiled once, not once for each kind of task.
#[cfg(feature = "parallel")]
fn each_index(pool: &rayon::ThreadPool, count: usize, task: &(dyn Fn(usize) + Sync)) {
    use rayon::prelude::*;
    pool.install(|| (0..count).into_par_iter().with_max_len(1).for_each(task));
}

#[cfg(feature = "parallel")]
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
