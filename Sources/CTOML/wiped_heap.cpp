// The heap of this fence: every block is wiped before it goes back, because toml++ copies SECRET_KEY and its like
// into std::string. Hidden (Package.swift: -fvisibility-global-new-delete), so a host's own operators stay.
#include <malloc.h>
#include <new>
#include <stdlib.h>
#include <string.h>

static void *take(size_t count) noexcept {
    void *block = malloc(count == 0 ? 1 : count);
    if (block == nullptr) abort();
    return block;
}

static void *take(size_t count, std::align_val_t alignment) noexcept {
    void *block = nullptr;
    if (posix_memalign(&block, static_cast<size_t>(alignment), count == 0 ? 1 : count) != 0) abort();
    return block;
}

static void give_back(void *block) noexcept {
    if (block == nullptr) return;
    explicit_bzero(block, malloc_usable_size(block));
    free(block);
}

void *operator new(size_t count) { return take(count); }
void *operator new[](size_t count) { return take(count); }
void operator delete(void *block) noexcept { give_back(block); }
void operator delete[](void *block) noexcept { give_back(block); }
void operator delete(void *block, size_t) noexcept { give_back(block); }
void operator delete[](void *block, size_t) noexcept { give_back(block); }
void *operator new(size_t count, std::align_val_t alignment) { return take(count, alignment); }
void *operator new[](size_t count, std::align_val_t alignment) { return take(count, alignment); }
void operator delete(void *block, std::align_val_t) noexcept { give_back(block); }
void operator delete[](void *block, std::align_val_t) noexcept { give_back(block); }
void operator delete(void *block, size_t, std::align_val_t) noexcept { give_back(block); }
void operator delete[](void *block, size_t, std::align_val_t) noexcept { give_back(block); }
