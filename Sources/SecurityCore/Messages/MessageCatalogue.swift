/// Everything that our programs say to people: the texts of a site, and where their translations are.
public struct MessageCatalogue: Sendable {
    /// A message as the configuration words it.
    struct Wording: Equatable, Sendable {
        var text: String
        var level: MessageLevel
    }

    /// Where our own catalogues are installed.
    public static let standardFolder = "/usr/share/locale"

    /// Where translations are looked for, the best first (SECURITY_I18N_DIRNAME, LIBSECURITY_I18N_DIRNAME).
    public internal(set) var sources: [TranslationSource] = []
    /// The language of who says none (BABEL_DEFAULT_LOCALE).
    public internal(set) var defaultLanguage: LanguagePreferences = .english
    var wordings: [MessageKey: Wording] = [:]

    /// Flask-Security's texts, in English.
    public init() {}

    /// The catalogues for somebody's languages; reads their files. Nil stands for somebody who says no language.
    ///
    /// A language goes before the next with all of its catalogues. The texts of the program are English, so nothing goes
    /// behind that.
    public func translations(for preferences: LanguagePreferences?) -> Translations {
        var files: [MOFile] = []
        for locale in (preferences ?? defaultLanguage).locales {
            files += sources.compactMap { $0.catalogue(for: locale) }
            if locale.language == "en" { break }
        }
        return Translations(files: files)
    }

    /// How grave a message is; our own are errors.
    public func level(of key: MessageKey) -> MessageLevel { wording(of: key).level }

    /// The text of a message for somebody. A translation is used if it has no placeholders but those of the English text;
    /// text that cannot be filled stays as it is.
    public func text(_ message: Message, in translations: Translations = .none) -> String {
        let english = englishText(of: message.source)
        for candidate in translations.candidates(for: english) {
            if let text = filled(candidate, message.arguments) { return text }
        }
        return filled(english, message.arguments) ?? english
    }

    /// As in Python, a text is only taken apart when there is something to fill in.
    private func filled(_ text: String, _ arguments: [Message.Argument]) -> String? {
        arguments.isEmpty ? text : MessageText(text).filled(with: arguments)
    }

    private func englishText(of source: Message.Source) -> String {
        switch source {
        case .key(let key): wording(of: key).text
        case .fixed(let message): message.rawValue
        case .sentence(let sentence): sentence
        }
    }

    func wording(of key: MessageKey) -> Wording { wordings[key] ?? key.standardWording }
}

extension MessageKey {
    /// Flask-Security's own wording, out of the table of keys.
    var standardWording: MessageCatalogue.Wording {
        let fallback = ConfigKeys.find(settingName)?.fallback ?? ""
        // A row's text is `["text", "level"]` without escapes.
        let parts = Array(fallback.utf8.dropFirst(2).dropLast(2)).split(separator: 0x22)
        guard parts.count == 3 else { return MessageCatalogue.Wording(text: rawValue, level: .error) }
        return MessageCatalogue.Wording(
            text: String(decoding: parts[0], as: UTF8.self),
            level: MessageLevel(rawValue: String(decoding: parts[2], as: UTF8.self)) ?? .error)
    }

    /// The placeholders that the program fills in: those of Flask-Security's own wording.
    public var placeholders: [String] { MessageText(standardWording.text).names }
}
