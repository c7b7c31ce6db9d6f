//! The cores that work is spread over. Results come back in the order of their indices, so that the number of threads
//! changes no byte.

/// A pool of threads, or the one thread there is.
#[derive(Debug)]
pub struct Workers {
    #[cfg(feature = "parallel")]
    pool: Option<rayon::ThreadPool>,
}

impl Workers {
    /// A pool of `threads` threads; `None` takes one a core.
    ///
    /// Without the feature `parallel`, or where no threads can be started, everything runs on the calling thread.
    pub fn new(threads: Option<usize>) -> Workers {
        #[cfg(feature = "parallel")]
        {
            let pool = match threads {
                Some(1) => None,
                threads => rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build().ok(),
            };
            Workers { pool }
        }
        #[cfg(not(feature = "parallel"))]
        {
            let _ = threads;
            Workers {}
        }
    }

    /// How many threads work.
    pub fn threads(&self) -> usize {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            return pool.current_num_threads();
        }
        1
    }

    /// `task(0)`, …, `task(count − 1)`, in that order.
    pub fn map<T: Send>(&self, count: usize, task: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
        self.map_at(count, || (), |(), i| task(i))
    }

    /// The same with something to write on, which a worker makes and uses for one task after the other. What a task
    /// returns must not depend on what is on it.
    pub fn map_at<D, T: Send>(
        &self,
        count: usize,
        desk: impl Fn() -> D + Sync + Send,
        task: impl Fn(&mut D, usize) -> T + Sync + Send,
    ) -> Vec<T> {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            use rayon::prelude::*;
            return pool.install(|| (0..count).into_par_iter().map_init(&desk, &task).collect());
        }
        let mut desk = desk();
        (0..count).map(|i| task(&mut desk, i)).collect()
    }
    /// `task` on each of `items`, which are each one task's alone.
    pub fn each<T: Send>(&self, items: &mut [T], task: impl Fn(&mut T) + Sync) {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            use rayon::prelude::*;
            return pool.install(|| items.par_iter_mut().with_max_len(1).for_each(&task));
        }
        items.iter_mut().for_each(task);
    }
}
