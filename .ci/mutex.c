// Tells the thread sanitizer of a Swift Mutex that has to wait. Taking a free one is compiled into its user, where the
// sanitizer sees it; waiting lies in the runtime library, which is not built for it, so what a waiter then reads would
// look like a race. Both functions are methods of Synchronization._MutexHandle. Should they be called otherwise one day,
// the races that are none come back and fail the run.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Absent in processes without the sanitizer, such as the one that starts the tests.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

METHOD void lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK);
METHOD void unlock_slow(SELF void *handle) __asm__(UNLOCK);

METHOD void lock_slow(uint32_t thread, SELF void *handle) {
  METHOD void (*lock)(uint32_t, SELF void *) = dlsym(RTLD_NEXT, LOCK);
  lock(thread, handle);
  if (__tsan_acquire) __tsan_acquire(handle);
}

METHOD void unlock_slow(SELF void *handle) {
  METHOD void (*unlock)(SELF void *) = dlsym(RTLD_NEXT, UNLOCK);
  if (__tsan_release) __tsan_release(handle);
  unlock(handle);
}
