import CLibc
import Dispatch
import Foundation
import SecurityNetwork

/// A program of the site that delivers something: it is run without a shell, with a text on its standard input.
struct ExternalProgram: Sendable {
    /// How a run ended.
    struct End: Equatable {
        /// Its status; 128 and the signal's number when a signal ended it.
        var status: Int32
        /// The first line that it wrote on standard error, at most 200 bytes.
        var complaint: String
    }

    let path: String
    /// A run that takes longer is ended.
    var seconds = 30

    /// Runs it and waits. Throws when it cannot be started, or takes too long.
    func run(_ arguments: [String], input: [UInt8]) throws(DeliveryFailure) -> End {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        let complaints: FileHandle
        do {
            // Files in memory: a pipe would need somebody who fills and empties it meanwhile.
            let text = try ExternalProgram.memoryFile()
            try text.write(contentsOf: input)
            try text.seek(toOffset: 0)
            complaints = try ExternalProgram.memoryFile()
            process.standardInput = text
            process.standardError = complaints
            try process.run()
        } catch {
            throw DeliveryFailure(reason: "\(path) cannot be run: \(error.localizedDescription)", isFinal: false)
        }
        guard ended.wait(timeout: .now() + .seconds(seconds)) == .success else {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
            throw DeliveryFailure(reason: "\(path) did not end within \(seconds) seconds", isFinal: false)
        }
        let isSignalled = process.terminationReason == .uncaughtSignal
        return End(
            status: process.terminationStatus + (isSignalled ? 128 : 0),
            complaint: ExternalProgram.firstLine(of: complaints))
    }

    private static func memoryFile() throws -> FileHandle {
        let descriptor = clibc_memory_file()
        guard descriptor >= 0 else { throw POSIXError(.ENOMEM) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func firstLine(of file: FileHandle) -> String {
        guard (try? file.seek(toOffset: 0)) != nil, let bytes = try? file.read(upToCount: 200) else { return "" }
        let line = bytes.prefix { $0 != 0x0A }
        return String(decoding: line.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}

extension DeliveryFailure {
    /// A program that did not end well: EX_DATAERR, EX_NOUSER and EX_NOHOST of sysexits(3) say that trying again is of no use.
    init(_ program: ExternalProgram, _ end: ExternalProgram.End) {
        self.init(
            reason: "\(program.path) ended with status \(end.status)"
                + (end.complaint.isEmpty ? "" : ": \(end.complaint)"),
            isFinal: [65, 67, 68].contains(end.status))
    }
}
