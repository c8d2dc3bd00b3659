import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.ingest.echoes import Rule, echo_pairs
from steelyard.ingest.language import Languages
from steelyard.ingest.segmentation import sentences
from steelyard.ingest.words import words

LANGUAGES = ["en", "zh", "de", "fr", "es", "ar"]


def cut(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Das gilt z. B. für Busse, d. h. für alle Linien.", "Danach ist Schluss."]),
        ("de", ["Das gilt z.B. für Busse, d.h. für alle.", "Gut."]),
        ("de", ["Nr. 5 fährt nicht.", "Siehe Abs. 3 Satz 2 und Art. 5 GG."]),
        ("de", ["Am 3. Oktober ist frei.", "Der 21. Mai auch."]),
        ("de", ["Im 19. Jahrhundert war das anders.", "Heute nicht."]),
        ("de", ["Dr. Müller und Prof. Dr. Weber kamen.", "Frau Dipl.-Ing. Kurz auch."]),
        ("de", ["Ca. 30 Leute, u. a. Herr Maier, kamen.", "Usw. usf."]),
        ("de", ["Es kostet 3,50 Euro bzw. 1.200 Franken.", "Das ist viel."]),
        ("de", ["„Das stimmt nicht.“", "Er ging."]),
        ("de", ["„Wir bauen“, sagte er.", "„Morgen?“, fragte sie."]),
        ("de", ["»Das ist gut.«", "Sie lachte."]),
        ("de", ["Er sagte: „Ich komme.“", "Dann kam er."]),
        ("de", ["Vgl. S. 12 ff. und Bd. 2.", "Ende."]),
        ("de", ["Das war ca. 1990 n. Chr. so.", "Ja!"]),
        ("de", ["Fahrräder, Roller usw. stehen herum.", "Niemand räumt auf."]),
        ("de", ["Sie wohnt in St. Gallen, Bahnhofstr. 5.", "Er nicht."]),
        ("de", ["Die Firma hat 5 Mio. Euro und 3 Mrd. Dollar.", "Viel."]),
        ("de", ["Das ist der 1. Platz.", "Der 2. Platz geht an Kiel."]),
        ("de", ["Kaiser Wilhelm II. regierte lange.", "Dann nicht mehr."]),
        ("de", ["Wirklich?!", "Ja...", "Nun gut."]),
        ("de", ["Ich bin am Montag da.", "So."]),
        ("de", ["Er kam zu Fuß o. Ä. an.", "Gut."]),
        ("de", ["Das sind min. 5 und max. 10 Stück.", "Passt."]),
        ("de", ["Sie fuhren mit der Bahn.", "In Bonn stieg er aus."]),
        ("de", ["Das war im Jahr 2020.", "Danach kam 2021."]),
        ("de", ["Es sind nur 5.", "Mehr nicht."]),
        ("de", ["Das geht so.", "U. a. wegen der Kosten, i. d. R. jedenfalls, gem. § 3 Abs. 2 Nr. 4 StVO."]),
        ("de", ["Das ist eine Art.", "Ich mag das, nur nicht für mich.", "Gut, ok.", "Dann los."]),
        ("de", ["Sie las Bd. 3 und Abb. Vier.", "Ende."]),
        ("fr", ["M. Dupont et Mme Martin sont venus.", "Le Dr Petit aussi."]),
        ("fr", ["C'est le cas, p. ex., des bus.", "Voilà."]),
        ("fr", ["Voir art. 5 et p. 12, fig. 3.", "Fin."]),
        ("fr", ["« C'est faux. »", "Il est parti."]),
        ("fr", ["« C'est faux ! » dit-elle.", "Il rit."]),
        ("fr", ["Il a dit : « Je viens. »", "Puis il est venu."]),
        ("fr", ["Cela coûte 1.200 euros, env. 3 % de plus.", "C'est cher."]),
        ("fr", ["J.-P. Martin et Ch. Durand y étaient.", "Bien."]),
        ("fr", ["Les vélos, trottinettes, etc. encombrent.", "Personne ne range."]),
        ("fr", ["La loi n° 5 du 1er mai, al. 3.", "Suite."]),
        ("fr", ["Au XIXe siècle, c'était autre chose.", "Aujourd'hui non."]),
        ("fr", ["MM. Roux et Blanc, av. J.-C.", "Oui."]),
        ("fr", ["C'est l'art.", "Rien d'autre."]),
        ("fr", ["C.-à-d. demain.", "Non, c.-à-d. après-demain."]),
        ("fr", ["Il habite bd. Voltaire, 5 av. Foch.", "Elle non."]),
        ("fr", ["On y va, non ?", "« Oui », dit-il."]),
        ("fr", ["Il aime le no. 5.", "Moi aussi."]),
        ("fr", ["St. Malo est loin.", "Ste. Anne aussi."]),
        ("fr", ["En 52 av. J.-C. à Rome.", "En l'an 5 av. J.-C.", "Ensuite la paix."]),
        ("fr", ["Il y a M. Roux, le Dr Blanc et St. Ouen.", "Bien."]),
        ("es", ["El Sr. López y la Sra. Ruiz vinieron.", "El Dr. Gil también."]),
        ("es", ["Es el caso, p. ej., de los autobuses.", "Ya está."]),
        ("es", ["Por ej. el núm. 5 y el art. 3, pág. 12.", "Fin."]),
        ("es", ["¿Es verdad?", "¡Sí!", "¿No?", "Quizás…"]),
        ("es", ["Y dijo: ¿quién viene?", "Nadie."]),
        ("es", ["¡Hola!", "¿Qué tal?", "Bien."]),
        ("es", ["«Es falso.»", "Se fue."]),
        ("es", ["«Es falso», dijo.", "Luego calló."]),
        ("es", ["Cuesta 1.200 euros, aprox. 3 % más.", "Es caro."]),
        ("es", ["Bicis, patinetes, etc. estorban.", "Nadie recoge."]),
        ("es", ["En EE. UU. es distinto.", "Aquí no."]),
        ("es", ["En EE.UU. es distinto.", "Aquí no."]),
        ("es", ["El s. XIX fue otro.", "Hoy no."]),
        ("es", ["D. Juan y Dña. Ana, Uds. saben.", "Sí."]),
        ("es", ["No lo sé...", "Tal vez."]),
        ("es", ["¿Cuándo?, preguntó.", "Mañana."]),
        ("es", ["¡¿Cómo?!", "Así."]),
        ("es", ["Vive en la Av. Mayor, c. 5, tel. 123.", "Ella no."]),
        ("es", ["Nació en 300 a. C. en Roma.", "Murió luego."]),
        ("es", ["Es el no. 5.", "Bien."]),
        ("es", ["Me llamo J. M. García.", "Vivo aquí."]),
        ("es", ["No.", "Bien.", "Está en el mar.", "Son 5 km.", "Es para nos.", "¿Y Dña. Ana?", "«Sí.»", "Adiós."]),
        ("ar", ["ذهب الناس إلى السوق.", "ثم عادوا."]),
        ("ar", ["هل هذا صحيح؟", "نعم!", "لا."]),
        ("ar", ["قال: «سآتي غدا.»", "ثم جاء."]),
        ("ar", ["هذا صحيح؛ لكن لا أحد يعرف، كما قيل.", "انتهى."]),
        ("ar", ["قال د. سالم إن م. حداد وصل.", "ثم غادر."]),
        ("ar", ["السعر 3.5 دولار.", "غال."]),
        ("ar", ["رائع!!", "حقا؟؟", "نعم..."]),
        ("ar", ["هل قال «من أنت؟» أم لا؟", "لا أدري."]),
        ("ar", ["انظر ص. 12 من الكتاب.", "انتهى."]),
        ("ar", ["في عام 300 ق.م. كان الأمر مختلفا.", "واليوم لا."]),
        ("ar", ['"هذا خطأ."', "ثم ذهب."]),
        ("ar", ["السعر ٣.٥ دولار و٣٫٥ يورو.", "غال."]),
        ("ar", ["قال: «من أنت؟» أم لم يقل؟", "لا أدري."]),
        ("ar", ['"هل ستأتي؟" سأل الرجل.', "ثم سكت."]),
        ("zh", ["他说：“我来。”", "然后他来了。"]),
        ("zh", ["“真的吗？”他问。", "没人回答。"]),
        ("zh", ["他说：“你好。我来了。”", "然后走了。"]),
        ("zh", ["价格是3.5元。", "很贵。"]),
        ("zh", ["他说「不。」", "走了。"]),
        ("zh", ["好。", "不好；也许。", "完了！！"]),
        ("zh", ["好。", "“好。”", "大家都说好。"]),
        ("zh", ["他问：“你好吗？我很好。”她说。", "好。"]),
        ("zh", ["真的！", "好吗？", "算了。"]),
    ],
)
def test_sentences(language: str, expected: list[str]) -> None:
    assert cut(("" if language == "zh" else " ").join(expected), language) == expected


def test_arabic_lines_broken_to_a_width_are_joined() -> None:
    wrapped = (
        "يركب الناس الحافلات أقل من ذي قبل لأن المواعيد لا تناسبهم في\n"
        "الصباح الباكر. ثم إن المحطات بعيدة عن البيوت وعن المدارس كلها\n"
        "تقريبا."
    )
    found = [" ".join(sentence.split()) for sentence in cut(wrapped, "ar")]
    assert found == [
        "يركب الناس الحافلات أقل من ذي قبل لأن المواعيد لا تناسبهم في الصباح الباكر.",
        "ثم إن المحطات بعيدة عن البيوت وعن المدارس كلها تقريبا.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=settings.default.max_examples // 3)
@given(st.text(alphabet=st.sampled_from("aBé1.?!؟،؛。¿¡«»„“”\"'( \n\u00a0-…دقلا\u064b٣我说\u0301Ñ"), max_size=60))
def test_sentences_hold_all_but_white_space_once(language: str, text: str) -> None:
    spans = sentences(text, 0, len(text), language)
    covered = [place for start, end in spans for place in range(start, end)]
    assert len(covered) == len(set(covered)) and covered == sorted(covered)
    assert {place for place, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


def test_a_long_row_of_abbreviations_takes_linear_time() -> None:
    row = "Abs. " * 20_000 + "ja."
    assert " ".join(cut(row, "de")) == row  # cut by length only


# Ordinary sentences, ten a language.
SENTENCES = {
    "en": [
        "The bakery on the corner opens at six in the morning.",
        "Nobody had told her that the bridge was closed.",
        "Our garden is full of tomatoes this year.",
        "He repaired the old radio with a spoon and some tape.",
        "Most children in the village walk to school.",
        "Prices rose, wages did not.",
        "She plays the cello better than anyone I know.",
        "I would rather take the train than drive.",
        "The meeting was postponed because of the storm.",
        "What a strange idea!",
    ],
    "de": [
        "Der Bäcker an der Ecke öffnet um sechs Uhr morgens.",
        "Niemand hatte ihr gesagt, dass die Brücke gesperrt war.",
        "Unser Garten ist dieses Jahr voller Tomaten.",
        "Er hat das alte Radio mit einem Löffel repariert.",
        "Die meisten Kinder im Dorf gehen zu Fuß zur Schule.",
        "Die Preise stiegen, die Löhne nicht.",
        "Sie spielt besser Cello als alle, die ich kenne.",
        "Ich fahre lieber mit dem Zug als mit dem Auto.",
        "Die Sitzung wurde wegen des Sturms verschoben.",
        "Was für eine seltsame Idee!",
    ],
    "fr": [
        "La boulangerie du coin ouvre à six heures du matin.",
        "Personne ne lui avait dit que le pont était fermé.",
        "Notre jardin est plein de tomates cette année.",
        "Il a réparé la vieille radio avec une cuillère.",
        "La plupart des enfants du village vont à l'école à pied.",
        "Les prix ont monté, pas les salaires.",
        "Elle joue du violoncelle mieux que quiconque.",
        "Je préfère prendre le train plutôt que la voiture.",
        "La réunion a été reportée à cause de la tempête.",
        "Quelle drôle d'idée !",
    ],
    "es": [
        "La panadería de la esquina abre a las seis de la mañana.",
        "Nadie le había dicho que el puente estaba cerrado.",
        "Nuestro jardín está lleno de tomates este año.",
        "Arregló la vieja radio con una cuchara y cinta.",
        "La mayoría de los niños del pueblo van a pie a la escuela.",
        "Subieron los precios, los salarios no.",
        "Toca el violonchelo mejor que nadie que yo conozca.",
        "Prefiero ir en tren que en coche.",
        "La reunión se aplazó por la tormenta.",
        "¡Qué idea tan rara!",
    ],
    "ar": [
        "يفتح المخبز عند الزاوية في السادسة صباحا.",
        "لم يخبرها أحد أن الجسر مغلق.",
        "حديقتنا مليئة بالطماطم هذا العام.",
        "أصلح الراديو القديم بملعقة وشريط لاصق.",
        "معظم أطفال القرية يذهبون إلى المدرسة مشيا.",
        "ارتفعت الأسعار ولم ترتفع الأجور.",
        "تعزف على التشيلو أفضل من أي شخص أعرفه.",
        "أفضل القطار على السيارة.",
        "تأجل الاجتماع بسبب العاصفة.",
        "يا لها من فكرة غريبة!",
    ],
    "zh": [
        "街角的面包店早上六点开门。",
        "没有人告诉她桥已经封了。",
        "我们的花园今年长满了西红柿。",
        "他用勺子修好了旧收音机。",
        "村里大多数孩子走路上学。",
        "物价涨了，工资没涨。",
        "她的大提琴拉得比谁都好。",
        "我宁愿坐火车也不开车。",
        "因为暴风雨，会议推迟了。",
        "多么奇怪的主意！",
    ],
}


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(LANGUAGES)


def test_six_languages_are_told_apart(languages: Languages) -> None:
    told = {language: [languages.guess(sentence) for sentence in own] for language, own in SENTENCES.items()}
    right = sum(guesses.count(language) for language, guesses in told.items())
    assert right >= 57, told  # of 60
    assert [languages.of_document(own) for own in SENTENCES.values()] == list(SENTENCES)


@pytest.mark.parametrize(
    ("text", "document", "language"),
    [
        ("Nein, danke.", "en", "en"),
        ("Pourquoi ?", "fr", "fr"),
        ("No sé.", "es", "es"),
        ("صحيح", "ar", "ar"),
        ("صحيح", "en", "ar"),
        ("很好", "ar", "zh"),
        ("iPhone 15", "ar", "ar"),  # four languages write so: nothing tells which
        ("CO2", "zh", "zh"),
        ("كتاب “The Book of Songs” ممتع", "en", "en"),
        ("١٢٣", "ar", "ar"),
    ],
)
def test_a_short_statement_takes_the_language_of_its_document(
    languages: Languages, text: str, document: str, language: str
) -> None:
    assert languages.of_statement(text, document) == language


def test_of_languages_in_arabic_script_the_model_tells() -> None:
    both = Languages(["fa", "ar"])
    assert both.guess("لم يخبرها أحد أن الجسر مغلق.") == "ar"
    assert both.guess("هیچ کس به او نگفته بود که پل بسته است.") == "fa"
    assert Languages(["en", "zh"]).guess("لم يخبرها أحد") == "en"  # no language of the study fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unicodedata.normalize("NFD", "Café Größe año"), ("café", "grösse", "año")),
        ("مَدْرَسَةٌ جَمِيلَة", ("مدرسة", "جميلة")),
        ("مــرحبا بكم، أهلا!", ("مرحبا", "بكم", "أهلا")),
        ("L’école d'Anne", ("l'école", "d'anne")),
    ],
)
def test_accents_and_vowel_signs_do_not_split_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("language", ["de", "fr", "es", "ar"])
def test_a_sentence_echoes_itself_in_other_spelling(language: str) -> None:
    own = [sentence for sentence in SENTENCES[language] if len(words(sentence)) >= 6]
    vowelled = [sentence.replace("ا", "ا\u064b") if language == "ar" else sentence for sentence in own]
    spelled = [unicodedata.normalize("NFD", sentence.upper()) for sentence in vowelled]
    pairs = echo_pairs([words(sentence) for sentence in [*own, *spelled]], Rule(5, 0.9, within=False)).tolist()
    assert sorted(pairs) == [[place, place + len(own)] for place in range(len(own))]
