import NIOSSL
import SecurityCore

/// The certificate and key of the listeners (LIBSECURITY_TLS_*), read anew with the configuration.
///
/// Requirements:
/// 1. Half of a TLS configuration MUST NOT become none.
/// 2. A key that everybody may read MUST NOT be used: it is held to the rules of the configuration file.
/// 3. What cannot be used MUST be told before it is taken, so that what was in use before stays.
enum TLSFiles {
    /// What connections are secured by; nil = the listeners do not speak TLS, because neither key is set.
    static func context(certificate: String?, key: String?) throws(TLSFlaw) -> NIOSSLContext? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (_?, nil):
            throw TLSFlaw("LIBSECURITY_TLS_CERTIFICATE is set and LIBSECURITY_TLS_KEY is not: set both, or none")
        case (nil, _?):
            throw TLSFlaw("LIBSECURITY_TLS_KEY is set and LIBSECURITY_TLS_CERTIFICATE is not: set both, or none")
        case (let certificate?, let key?):
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try chain(certificate), privateKey: .privateKey(try privateKey(key)))
            tls.minimumTLSVersion = .tlsv12
            do {
                return try NIOSSLContext(configuration: tls)
            } catch {
                throw TLSFlaw("LIBSECURITY_TLS_KEY: \(key) is not the key of the certificate in \(certificate)")
            }
        }
    }

    private static func chain(_ file: String) throws(TLSFlaw) -> [NIOSSLCertificateSource] {
        do {
            return try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
        } catch {
            throw TLSFlaw("LIBSECURITY_TLS_CERTIFICATE: no certificate can be read from \(file): \(error)")
        }
    }

    private static func privateKey(_ file: String) throws(TLSFlaw) -> NIOSSLPrivateKey {
        do throws(PolicyFileError) {
            _ = try PolicyFile.read(file)
        } catch .missing {
            throw TLSFlaw("LIBSECURITY_TLS_KEY: \(file): there is no such file")
        } catch {
            throw TLSFlaw("LIBSECURITY_TLS_KEY: \(error)")
        }
        do {
            return try NIOSSLPrivateKey(file: file, format: .pem)
        } catch {
            throw TLSFlaw("LIBSECURITY_TLS_KEY: no key can be read from \(file): \(error)")
        }
    }
}

/// What keeps the listeners from speaking TLS as the configuration asks.
struct TLSFlaw: Error, CustomStringConvertible {
    /// One line: the key, the file, and the way out.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
