/// What people are told, and in which languages.
extension PolicyDraft {
    /// Reads the SECURITY_MSG_* and SECURITY_I18N_* keys.
    func messageCatalogue() -> MessageCatalogue {
        var catalogue = MessageCatalogue()
        for setting in settings(withPrefix: MessageKey.prefix) {
            guard let wording = wording(setting.node, named: setting.name) else { continue }
            if let key = MessageKey(settingName: setting.name) { catalogue.wordings[key] = wording }
        }
        catalogue.sources = translationSources()
        catalogue.defaultLanguage = defaultLanguage()
        return catalogue
    }

    private func wording(_ node: TOMLNode, named name: String) -> MessageCatalogue.Wording? {
        let children = node.children
        guard children.count == 2, let text = children[0].string, let word = children[1].string else { return nil }
        guard let level = MessageLevel(rawValue: word) else {
            let levels = MessageLevel.allCases.map { $0.rawValue }
            let nearest = NearestName.of(word, among: levels).map { "; did you mean \"\($0)\"?" } ?? ""
            let choice = levels.joined(separator: ", ") + nearest
            report(.error, name, "has the level \"\(word)\", and must have one of \(choice)")
            return nil
        }
        checkPlaceholders(of: text, named: name)
        return MessageCatalogue.Wording(text: text, level: level)
    }

    /// A placeholder that the program does not fill in would reach people as it is.
    private func checkPlaceholders(of text: String, named name: String) {
        let known = MessageKey(settingName: name)?.placeholders ?? []
        let parsed = MessageText(text)
        for placeholder in parsed.names where !known.contains(placeholder) {
            let offer = known.isEmpty ? "has none" : "has " + known.map { "%(\($0))s" }.joined(separator: ", ")
            report(.error, name, "has the placeholder %(\(placeholder)), and this message \(offer)")
        }
        // Without placeholders a text is not taken apart, and `%` is just a percent sign.
        guard !known.isEmpty else { return }
        for flaw in parsed.flaws {
            switch flaw {
            case .strayPercent: report(.error, name, "has a % that begins no placeholder; write %%")
            case .unfinished(let placeholder):
                report(.warning, name, "has %(\(placeholder)) without an s behind it, which Flask-Security misreads")
            }
        }
    }

    /// The best first. Of a list, Flask-Security lets later folders override earlier ones; `builtin` is what the program
    /// brings along. Where that is not named it stands behind the others, for the texts that only our programs have.
    private func translationSources() -> [TranslationSource] {
        let (listKey, ownKey) = ("SECURITY_I18N_DIRNAME", "LIBSECURITY_I18N_DIRNAME")
        let standardFolder = dataFolder.map { $0 + "/locale" } ?? MessageCatalogue.standardFolder
        let ownFolder = self[ownKey] == nil ? standardFolder : text(ownKey)
        let own = ownFolder.map {
            TranslationSource(folder: besideFile($0), domain: TranslationSource.ownDomain)
        }
        let domain = translationDomain()
        var names = (texts(listKey) ?? []).filter { !$0.isEmpty }
        if !names.contains(where: { $0.equals("builtin") }) { names.insert("builtin", at: 0) }
        return names.reversed().compactMap { name in
            name.equals("builtin") ? own : TranslationSource(folder: besideFile(name), domain: domain)
        }
    }

    private func translationDomain() -> String {
        let key = "SECURITY_I18N_DOMAIN"
        let domain = text(key) ?? "flask_security"
        if domain.utf8.contains(where: { $0 == 0x2F || $0 < 0x20 }) || domain.utf8.first == 0x2E {
            report(
                .error, key,
                "is the name of a file and must not lead elsewhere; write for example \"flask_security\"")
        }
        return domain
    }

    private func defaultLanguage() -> LanguagePreferences {
        let key = "BABEL_DEFAULT_LOCALE"
        guard let name = text(key) else { return .english }
        guard let locale = LocaleName(name) else {
            report(.error, key, "is not the name of a locale; write for example \"de\" or \"pt_BR\"")
            return .english
        }
        return LanguagePreferences(locales: [locale])
    }

    /// A path as it is seen from the folder of the configuration file.
    private func besideFile(_ name: String) -> String { name.utf8.first == 0x2F ? name : folder + name }
}
