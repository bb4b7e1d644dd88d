/// The translations of one reader: catalogues that were found for the languages, the best first.
public struct Translations {
    private let files: [MOFile]

    /// None: English.
    public static var none: Translations { Translations(files: []) }

    init(files: [MOFile]) {
        self.files = files
    }

    /// Whether every text stays English.
    public var isEmpty: Bool { files.isEmpty }

    /// The translations of an English text, the best first.
    func candidates(for text: String) -> some Sequence<String> {
        files.lazy.compactMap { $0.translation(of: text) }
    }
}

/// Where catalogues lie: `FOLDER/LOCALE/LC_MESSAGES/DOMAIN.mo`.
public struct TranslationSource: Equatable, Sendable {
    /// The folder of all languages.
    public let folder: String
    /// The name of the catalogues.
    public let domain: String

    /// Our own domain.
    public static let ownDomain = "libsecurity"

    /// A folder and a domain.
    public init(folder: String, domain: String) {
        self.folder = folder
        self.domain = domain
    }

    /// The first catalogue that exists for a locale; nil when there is none, or it is no catalogue.
    func catalogue(for locale: LocaleName) -> MOFile? {
        for name in locale.folders {
            let path = folder + "/" + name + "/LC_MESSAGES/" + domain + ".mo"
            if let bytes = SmallFile.read(path, limit: MOFile.longest) { return MOFile(bytes) }
        }
        return nil
    }
}
