//! The cores that work is spread over. Results come back in the order of their indices, so that the number of threads
//! changes no byte.

#[cfg(feature = "parallel")]
use std::sync::Arc;

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

    /// [`Workers::map`] with scratch memory, which a worker makes and uses for one task after the other. What a task returns must
    /// not depend on what an earlier one left there.
    pub fn map_with<S, T: Send>(
        &self,
        count: usize,
        scratch: impl Fn() -> S + Sync + Send,
        task: impl Fn(&mut S, usize) -> T + Sync + Send,
    ) -> Vec<T> {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            use rayon::prelude::*;
            return pool.install(|| (0..count).into_par_iter().map_init(&scratch, &task).collect());
        }
        let mut scratch = scratch();
        (0..count).map(|i| task(&mut scratch, i)).collect()
    }

    /// Runs `task` on each of `items`, which are each one task's alone.
    pub fn each<T: Send>(&self, items: &mut [T], task: impl Fn(&mut T) + Sync) {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            use rayon::prelude::*;
            return pool.install(|| items.par_iter_mut().with_max_len(1).for_each(&task));
        }
        items.iter_mut().for_each(task);
    }
}
