import Foundation
import Testing

/// `range_server.py` in a process of its own, which ends with this object.
final class RangeServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    /// Starts it, with TLS when there is a certificate.
    init(_ certificate: TestCertificates? = nil) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "range_server.py")
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", script.path] + (certificate.map { [$0.path("server.pem"), $0.path("server.key")] } ?? [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// An authority of its own, and a certificate for one name.
final class TestCertificates {
    private let folder: URL

    /// Makes both with openssl(1). `name` is what the certificate is for, such as "DNS:localhost".
    init(name: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=authority of a test", "-keyout", path("authority.key"), "-out", path("authority.pem"))
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server of a test",
            "-addext", "subjectAltName=\(name)", "-keyout", path("server.key"), "-out", path("server.csr"))
        try openssl(
            "x509", "-req", "-in", path("server.csr"), "-CA", path("authority.pem"), "-CAkey", path("authority.key"),
            "-CAcreateserial", "-copy_extensions", "copy", "-days", "2", "-out", path("server.pem"))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
