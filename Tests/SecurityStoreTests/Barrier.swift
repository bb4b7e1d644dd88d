import Foundation

@testable import SecurityStore

/// A named pipe between this process and the children of exit tests: both sides wait in the kernel, nobody sleeps.
struct Barrier {
    let path: String

    init(_ path: String) {
        self.path = path
        unsafe mkfifo(path, 0o600)
    }

    /// In the child: says that it has come here. Waits until the parent listens.
    static func arrive(_ path: String) {
        let descriptor = unsafe open(path, O_WRONLY)
        _ = unsafe write(descriptor, "x", 1)
        close(descriptor)
    }

    /// In the child: waits for a signal that ends it.
    static func waitForTheEnd() -> Never {
        while true { pause() }
    }

    /// In the parent: runs `body` once `count` have arrived. On a thread of its own, because whoever waits for a child
    /// takes one of the few threads that tasks run on.
    func after(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        let descriptor = listen()
        Thread.detachNewThread {
            Barrier.read(count, on: descriptor)
            body()
            close(descriptor)
        }
    }

    /// In the parent: an end that hears of everybody who arrives, opened without waiting for the first.
    func listen() -> Int32 {
        unsafe open(path, O_RDWR)
    }

    static func read(_ count: Int, on descriptor: Int32) {
        var arrived = 0
        var byte: UInt8 = 0
        while arrived < count, unsafe Foundation.read(descriptor, &byte, 1) == 1 { arrived += 1 }
    }
}

/// Processes that run into each other. Only inside an exit test, whose process has no other threads at work.
enum Processes {
    /// Swift hides fork(), since most of a program does not survive it. These children open a database and end.
    private static func forkSelf() -> pid_t {
        typealias Fork = @convention(c) () -> pid_t
        guard let address = unsafe dlsym(nil, "fork") else { return -1 }
        return unsafe unsafeBitCast(address, to: Fork.self)()
    }

    /// Lets `count` processes run into a write lock, lets it go, and counts those whose body answered true. Any that
    /// failed counts as a hundred.
    static func race(
        _ count: Int, path: String, folder: Folder, _ body: (SQLiteStore) throws -> Bool
    ) throws -> Int {
        let barrier = Barrier(folder.path + "/barrier")
        let listening = barrier.listen()
        defer { close(listening) }
        var children: [pid_t] = []
        for _ in 0..<count {
            let child = forkSelf()
            if child == 0 { _exit(run(path, barrier.path, body)) }
            children.append(child)
        }
        let lock = try SQLiteConnection(path: path)
        try lock.execute("BEGIN IMMEDIATE")
        Barrier.read(count, on: listening)
        try lock.execute("COMMIT")
        var winners = 0
        for child in children {
            var status: Int32 = 0
            unsafe waitpid(child, &status, 0)
            winners += status == 0 ? 1 : (status == 1 << 8 ? 0 : 100)
        }
        return winners
    }

    private static func run(_ path: String, _ barrier: String, _ body: (SQLiteStore) throws -> Bool) -> Int32 {
        let store = try? SQLiteStore(path: path, busyMilliseconds: 60_000)
        Barrier.arrive(barrier)
        guard let store, let won = try? body(store) else { return 2 }
        return won ? 0 : 1
    }
}

/// A small file system of its own, which can really be full; gone at the end.
final class SmallDisk {
    let path: String

    static let isAvailable: Bool = {
        guard geteuid() == 0, let folder = try? Folder() else { return false }
        return (try? SmallDisk(in: folder, kilobytes: 64)) != nil
    }()

    struct Refused: Error {}

    init(in folder: Folder, kilobytes: Int) throws {
        path = folder.path + "/disk-\(kilobytes)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard unsafe mount("none", path, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else { throw Refused() }
    }

    deinit {
        unsafe umount2(path, Int32(MNT_DETACH))
    }

    /// Takes all room but about `bytes`.
    func fill(leaving bytes: Int) throws -> String {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
        let free = (attributes[.systemFreeSize] as? Int) ?? 0
        let file = path + "/filler"
        try Data(count: max(0, free - bytes)).write(to: URL(fileURLWithPath: file))
        return file
    }
}
