from __future__ import annotations

import pandas as pd
import pytest
from annotate_corpus import corpus

from steelyard.annotate import cues
from steelyard.annotate.readings import Readings
from steelyard.codebook import Codebook
from steelyard.ingest.language import Languages

LANGUAGES = ["en", "zh", "de", "fr", "es", "ar"]
_PRICES = {"en": ["price*"], "zh": ["价格"], "de": ["Preis*"], "fr": ["prix", "tarif*"]}
_PRICES |= {"es": ["precio*", "tarifa*"], "ar": ["سعر*", "أسعار*"]}
_DYING = {"en": ["die"], "zh": ["消亡"], "de": ["sterben*"], "fr": ["meurent"], "es": ["mueren"], "ar": ["تموت"]}
_RIGHT = 0.97  # share of a table's traits and stances


def codebook(**cues: dict[str, list[str]]) -> Codebook:
    hypotheses = [
        {
            "id": name,
            "name": name,
            "role": "motive",
            "claim": name,
            "cues": {at: {"phrases": p} for at, p in own.items()},
        }
        for name, own in cues.items()
    ]
    return Codebook.model_validate({"question": "Why?", "hypotheses": hypotheses})


def read(sentences: list[str], languages: list[str], book: Codebook) -> Readings:
    """Read each sentence as an utterance of its own."""
    made = corpus(*sentences)
    return cues.code(made["statements"].assign(language=languages), made["utterances"], book, "cues")


def stances(coded: Readings, sentences: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{} for _ in range(sentences)]
    for row in coded.readings.itertuples(index=False):
        found[int(row.statement_id[1:])][row.hypothesis_id] = row.stance
    return found


def test_the_language_of_a_statement_decides_which_cues_apply() -> None:
    sentences = [
        "The small shops in our town die.",
        "Die kleinen Läden in unserer Stadt bleiben offen.",  # holds the English cue
        "Die kleinen Läden in unserer Stadt sterben aus.",
        "Les petits magasins de notre ville meurent.",
        "Las pequeñas tiendas de nuestra ciudad mueren.",
        "المحلات الصغيرة في مدينتنا تموت.",
        "我们城里的小商店正在消亡。",
        "The shops of the town say mueren and meurent.",  # holds cues of other languages
    ]
    told = Languages(LANGUAGES)
    languages = [told.of_statement(sentence, document="en") for sentence in sentences]
    assert languages == ["en", "de", "de", "fr", "es", "ar", "zh", "en"]
    dying = {"dying": "supports"}
    found = stances(read(sentences, languages, codebook(dying=_DYING)), len(sentences))
    assert found == [dying, {}, dying, dying, dying, dying, dying, {}]


def test_what_denies_in_one_language_denies_nothing_in_another() -> None:
    sentences = ["Es liegt nicht an den Preisen.", "No son los precios.", "Ce ne sont pas les prix.", "ليست الأسعار."]
    book = codebook(price=_PRICES)
    right = stances(read(sentences, ["de", "es", "fr", "ar"], book), 4)
    assert right == [{"price": "opposes"}] * 4
    book = codebook(price={language: ["Preis*", "precio*", "prix", "أسعار*"] for language in LANGUAGES})
    wrong = stances(read(sentences, ["fr", "de", "ar", "es"], book), 4)
    assert wrong == [{"price": "supports"}] * 4


def test_accents_and_vowel_signs_may_be_left_out_or_written_apart() -> None:
    hedged = ["Peut-etre que oui, le quartier change.", "Quizas cambie el barrio entero.", "رُبَّما يتغيّر الحيّ كلّه."]
    decomposed = "Vo\u0308llig andere Stadt, mo\u0308glicherweise."
    coded = read([*hedged, decomposed], ["fr", "es", "ar", "de"], codebook(price=_PRICES))
    assert coded.traits["hedged"].tolist() == [True] * 4


# Sentence, stance toward prices ("" where it holds no cue), kind of evidence, h for hedged, g for a gap.
TABLES = {
    "de": [
        ("Die Leute fahren weniger Bus, weil die Preise so hoch sind.", "supports", "reasoning", ""),
        ("Mit den Preisen hat das nichts zu tun.", "opposes", "assertion", ""),
        ("Es liegt nicht an den Preisen, sondern am Fahrplan.", "opposes", "assertion", ""),
        ("Die Preise sind nicht der Grund.", "opposes", "reasoning", ""),
        ("Nicht nur die Preise schrecken ab, sondern auch der Lärm.", "supports", "assertion", ""),
        ("Ich glaube nicht, dass die Preise entscheidend sind.", "opposes", "assertion", "h"),
        ("Manche sagen, dass die Preise schuld sind.", "raises", "assertion", ""),
        (
            "Kritiker behaupten, die Preise seien zu hoch, aber tatsächlich sind die Preise gesunken.",
            "supports",
            "observation",
            "",
        ),
        ("Liegt es vielleicht an den Preisen?", "raises", "none", "h"),
        ("Sind die Preise nicht einfach zu hoch?", "supports", "assertion", ""),
        ("Die Preise sind zu hoch, oder?", "supports", "assertion", ""),
        ("Das ist kein Problem der Preise, das ist ein Problem der Technik.", "opposes", "assertion", ""),
        ("Ob die Preise eine Rolle spielen, ist unklar.", "raises", "assertion", "hg"),
        ("Dass die Preise schuld sein sollen, überzeugt mich nicht.", "opposes", "assertion", ""),
        ("Es gibt keine Belege dafür, dass die Preise die Kunden vertreiben.", "opposes", "assertion", "g"),
        ("Statt der Preise sollte man den Takt ändern.", "opposes", "assertion", ""),
        ("Zweifellos schrecken die Preise viele Familien ab.", "supports", "assertion", ""),
        ("Wegen der Preise ist meine Nachbarin auf das Auto umgestiegen.", "supports", "testimony", ""),
        ("Die Zahl der Fahrgäste sank um 12 Prozent.", "", "statistic", ""),
        ("Ein Jahresticket kostet 365 Euro.", "", "statistic", ""),
        ("Das zeigt die Arbeit von Keller und Braun (2019) sehr deutlich.", "", "cited", ""),
        ("Näheres steht unter https://example.org/bericht im Netz.", "", "cited", ""),
        ("Ich habe zwanzig Jahre in einer Bäckerei gearbeitet.", "", "testimony", ""),
        ("Meiner Erfahrung nach liest niemand die Aushänge.", "", "testimony", ""),
        ("Die Bürgermeisterin erklärte, der Umbau beginne bald.", "", "attributed", ""),
        ("Laut dem Verkehrsverbund sind die Züge pünktlich.", "", "attributed", ""),
        ("Die Stadt hat im Herbst drei Linien eingestellt.", "", "observation", ""),
        ("2021 schloss das letzte Kino im Ort.", "", "observation", ""),
        ("Wenn der Takt dichter wird, steigen mehr Menschen um.", "", "reasoning", "h"),
        ("Das ist genau wie damals bei den Telefonzellen.", "", "reasoning", ""),
        ("Vermutlich gefällt den Leuten das neue Design.", "", "assertion", "h"),
        ("Das könnte an der Schule liegen.", "", "assertion", "h"),
        ("Die Schule ist schön und hell.", "", "assertion", ""),
        ("Vielen Dank für den Hinweis!", "", "none", ""),
        ("Guten Morgen zusammen!", "", "none", ""),
        ("Wann kommt der nächste Zug?", "", "none", ""),
        ("Dazu fehlen bisher verlässliche Zahlen.", "", "assertion", "g"),
        ("Niemand weiß, wie viele Räder gestohlen werden.", "", "assertion", "g"),
        ("Hat jemand eine Quelle für diese Behauptung?", "", "none", "g"),
        ("Hier sind die Zahlen aus dem Archiv.", "", "assertion", ""),
        ("Am Ende entscheidet doch der Preis.", "supports", "reasoning", ""),
        ("Mit dem Preis lässt sich der Rückgang nicht erklären.", "opposes", "assertion", ""),
        ("Weder die Preise noch das Wetter halten jemanden ab.", "opposes", "assertion", ""),
        ("Es sind nicht die Preise, die stören.", "opposes", "assertion", ""),
        ("Der Preis spielt für Pendler keine Rolle.", "opposes", "assertion", ""),
        ("Angeblich sind die Preise schuld.", "raises", "assertion", "h"),
        ("Warum redet niemand über die Preise?", "raises", "none", ""),
        ("Dass es am Preis liegt, halte ich für Unsinn.", "opposes", "reasoning", ""),
        ("Die Preise sind kein Hindernis, die Wege sind es.", "supports", "assertion", ""),
        ("Kein Wunder bei solchen Preisen.", "supports", "assertion", ""),
        ("Drei von vier Befragten sind zufrieden.", "", "statistic", ""),
        ("Siehe dazu § 12 Abs. 3 des Gesetzes.", "", "cited", ""),
        ("Meine Nachbarin hat mir erzählt, dass der Laden schließt.", "", "testimony", ""),
        ("„Wir bauen weiter“, sagte der Sprecher der Werke.", "", "attributed", ""),
        ("Im Mai 2022 wurde die Brücke gesperrt.", "", "observation", ""),
        ("Je größer der Park, desto mehr Vögel nisten dort.", "", "reasoning", ""),
        ("Möglicherweise war der Sommer zu trocken.", "", "assertion", "h"),
        ("Meines Wissens gehört das Haus der Kirche.", "", "assertion", "h"),
        ("Belastbare Studien gibt es dazu nicht.", "", "assertion", "g"),
        ("Ob das stimmt, lässt sich nicht überprüfen.", "", "assertion", "g"),
        ("Alles klar, danke!", "", "none", ""),
        ("Der Brunnen steht mitten auf dem Platz.", "", "assertion", ""),
    ],
    "fr": [
        ("Les gens prennent moins le bus parce que les prix sont trop élevés.", "supports", "reasoning", ""),
        ("Les prix n'y sont pour rien.", "opposes", "assertion", ""),
        ("Ce n'est pas à cause des prix, mais à cause des horaires.", "opposes", "reasoning", ""),
        ("Les prix ne sont pas la raison de cette baisse.", "opposes", "reasoning", ""),
        ("Ce ne sont pas seulement les prix, mais aussi le bruit qui gêne.", "supports", "assertion", ""),
        ("Je ne crois pas que les prix soient décisifs.", "opposes", "assertion", "h"),
        ("Certains disent que les prix sont trop hauts.", "raises", "assertion", ""),
        ("On prétend que c'est le prix, mais en réalité c'est l'horaire.", "raises", "assertion", ""),
        ("Est-ce une question de prix ?", "raises", "none", ""),
        ("N'est-ce pas tout simplement le prix ?", "supports", "assertion", ""),
        ("C'est le prix, non ?", "supports", "assertion", ""),
        ("Reste à savoir si les prix jouent un rôle.", "raises", "assertion", ""),
        ("Que les tarifs aient fait fuir les clients, je n'y crois pas.", "opposes", "assertion", ""),
        ("Rien n'indique que les prix découragent les familles.", "opposes", "assertion", ""),
        ("Sans aucun doute, le prix du billet décourage les familles.", "supports", "assertion", ""),
        ("Plutôt que les prix, il faudrait revoir les horaires.", "opposes", "assertion", ""),
        ("C’est pas une question de prix.", "opposes", "assertion", ""),
        ("Ça n'a rien à voir avec les tarifs.", "opposes", "assertion", ""),
        ("La fréquentation a reculé de 12 % en un an.", "", "statistic", ""),
        ("L'abonnement coûte 365 euros.", "", "statistic", ""),
        ("C'est ce que montrent Morel et Petit (2019) avec soin.", "", "cited", ""),
        ("Tout est expliqué sur https://example.org/rapport en détail.", "", "cited", ""),
        ("J'ai travaillé vingt ans dans une boulangerie.", "", "testimony", ""),
        ("D'après mon expérience, personne ne lit les affiches.", "", "testimony", ""),
        ("La maire a annoncé que les travaux allaient commencer.", "", "attributed", ""),
        ("Selon la préfecture, les trains sont ponctuels.", "", "attributed", ""),
        ("La ville a supprimé trois lignes à l'automne.", "", "observation", ""),
        ("Le dernier cinéma du bourg a fermé en 2021.", "", "observation", ""),
        ("Si les bus passent plus souvent, les gens les prendront.", "", "reasoning", "h"),
        ("C'est comme pour les cabines téléphoniques autrefois.", "", "reasoning", ""),
        ("Le nouveau logo plaît probablement aux jeunes.", "", "assertion", "h"),
        ("Cela pourrait venir de l'école.", "", "assertion", "h"),
        ("L'école est belle et claire.", "", "assertion", ""),
        ("Merci beaucoup pour ces précisions !", "", "none", ""),
        ("Bonjour à tous !", "", "none", ""),
        ("Quand arrive le prochain train ?", "", "none", ""),
        ("On manque de chiffres fiables sur ce point.", "", "assertion", "g"),
        ("Personne ne sait combien de vélos sont volés.", "", "assertion", "g"),
        ("Quelqu'un a-t-il une source pour cette affirmation ?", "", "none", "g"),
        ("Voici les chiffres tirés des archives.", "", "assertion", ""),
        ("Au fond, tout se joue sur le prix.", "supports", "assertion", ""),
        ("Le prix n'explique pas cette baisse.", "opposes", "assertion", ""),
        ("Ni les prix ni la météo ne découragent qui que ce soit.", "opposes", "assertion", ""),
        ("Ce ne sont pas les prix qui gênent.", "opposes", "assertion", ""),
        ("Le prix ne joue aucun rôle pour les navetteurs.", "opposes", "assertion", ""),
        ("Les prix seraient soi-disant trop élevés.", "raises", "assertion", "h"),
        ("Pourquoi personne ne parle des prix ?", "raises", "none", ""),
        ("Dire que c'est la faute des prix, c'est n'importe quoi.", "opposes", "assertion", ""),
        ("Pas étonnant avec des prix pareils.", "supports", "assertion", ""),
        ("L'obstacle, c'est le prix et rien d'autre.", "supports", "assertion", ""),
        ("Trois personnes interrogées sur quatre sont satisfaites.", "", "statistic", ""),
        ("Voir l'article 12 de la loi sur les transports.", "", "cited", ""),
        ("Ma voisine m'a raconté que la boutique allait fermer.", "", "testimony", ""),
        ("« Nous continuons à bâtir », a déclaré le porte-parole de l'usine.", "", "attributed", ""),
        ("En mai 2022, le pont a été fermé à la circulation.", "", "observation", ""),
        ("Plus le parc est grand, plus les oiseaux y nichent.", "", "reasoning", ""),
        ("L'été a peut-être été trop sec.", "", "assertion", "h"),
        ("À ma connaissance, la maison appartient à la paroisse.", "", "assertion", "h"),
        ("Il n'existe aucune étude solide là-dessus.", "", "assertion", "g"),
        ("Impossible de vérifier cette affirmation.", "", "assertion", "g"),
        ("D'accord, merci !", "", "none", ""),
        ("La fontaine se trouve au milieu de la place.", "", "assertion", ""),
    ],
    "es": [
        ("La gente usa menos el autobús porque los precios son muy altos.", "supports", "reasoning", ""),
        ("Los precios no tienen nada que ver.", "opposes", "assertion", ""),
        ("No es por los precios, sino por los horarios.", "opposes", "assertion", ""),
        ("Los precios no son la razón de la caída.", "opposes", "reasoning", ""),
        ("No solo molestan los precios, sino también el ruido.", "supports", "assertion", ""),
        ("No creo que los precios sean decisivos.", "opposes", "assertion", "h"),
        ("Algunos dicen que los precios son demasiado altos.", "raises", "assertion", ""),
        ("Se dice que es el precio, pero en realidad es el horario.", "raises", "assertion", ""),
        ("¿Es una cuestión de precios?", "raises", "none", ""),
        ("¿No es simplemente el precio?", "supports", "assertion", ""),
        ("Es el precio, ¿verdad?", "supports", "assertion", ""),
        ("La pregunta es si los precios influyen.", "raises", "assertion", ""),
        ("Que las tarifas ahuyenten a los clientes, no me lo creo.", "opposes", "assertion", ""),
        ("Nada indica que los precios desanimen a las familias.", "opposes", "assertion", ""),
        ("Sin duda, el precio del billete desanima a las familias.", "supports", "assertion", ""),
        ("En lugar de los precios habría que revisar los horarios.", "opposes", "assertion", "h"),
        ("Dudo que el precio importe.", "opposes", "assertion", "h"),
        ("No hay pruebas de que los precios expulsen a nadie.", "opposes", "assertion", "g"),
        ("El número de viajeros cayó un 12 % en un año.", "", "statistic", ""),
        ("El abono cuesta 365 euros.", "", "statistic", ""),
        ("Lo muestran con detalle Ortega y Ruiz (2019).", "", "cited", ""),
        ("Todo se explica en https://example.org/informe con detalle.", "", "cited", ""),
        ("Trabajé veinte años en una panadería.", "", "testimony", ""),
        ("En mi experiencia, nadie lee los carteles.", "", "testimony", ""),
        ("La alcaldesa anunció que las obras empezarían pronto.", "", "attributed", ""),
        ("Según el consorcio, los trenes llegan puntuales.", "", "attributed", ""),
        ("La ciudad ha suprimido tres líneas este otoño.", "", "observation", ""),
        ("El último cine del pueblo cerró en 2021.", "", "observation", ""),
        ("Si los autobuses pasan más a menudo, la gente los usará.", "", "reasoning", "h"),
        ("Es lo mismo que pasó con las cabinas telefónicas.", "", "reasoning", ""),
        ("Quizás el nuevo logotipo gusta a los jóvenes.", "", "assertion", "h"),
        ("Podría deberse a la escuela.", "", "assertion", "h"),
        ("La escuela es bonita y luminosa.", "", "assertion", ""),
        ("¡Muchas gracias por la aclaración!", "", "none", ""),
        ("¡Buenos días a todos!", "", "none", ""),
        ("¿Cuándo llega el próximo tren?", "", "none", ""),
        ("Faltan cifras fiables sobre este punto.", "", "assertion", "g"),
        ("Nadie sabe cuántas bicicletas se roban.", "", "assertion", "g"),
        ("¿Alguien tiene una fuente para esa afirmación?", "", "none", "g"),
        ("Aquí están las cifras del archivo.", "", "assertion", ""),
        ("Al final, todo depende del precio.", "supports", "reasoning", ""),
        ("El precio no explica esta caída.", "opposes", "assertion", ""),
        ("Ni los precios ni el tiempo desaniman a nadie.", "opposes", "assertion", ""),
        ("No son los precios lo que molesta.", "opposes", "assertion", ""),
        ("El precio no juega ningún papel para quienes van al trabajo.", "opposes", "assertion", ""),
        ("Supuestamente los precios tienen la culpa.", "raises", "assertion", "h"),
        ("¿Por qué nadie habla de los precios?", "raises", "none", ""),
        ("Decir que la culpa es de los precios es una tontería.", "opposes", "assertion", ""),
        ("No es de extrañar con esos precios.", "supports", "assertion", ""),
        ("El obstáculo es el precio y nada más.", "supports", "assertion", ""),
        ("Tres de cada cuatro encuestados están satisfechos.", "", "statistic", ""),
        ("Véase el artículo 12 de la ley de transportes.", "", "cited", ""),
        ("Mi vecina me contó que la tienda iba a cerrar.", "", "testimony", ""),
        ("«Seguimos construyendo», declaró el portavoz de la fábrica.", "", "attributed", ""),
        ("En mayo de 2022 cerraron el puente al tráfico.", "", "observation", ""),
        ("Cuanto más grande es el parque, más pájaros anidan en él.", "", "reasoning", ""),
        ("Tal vez el verano fue demasiado seco.", "", "assertion", "h"),
        ("Que yo sepa, la casa es de la parroquia.", "", "assertion", "h"),
        ("No existe ningún estudio sólido al respecto.", "", "assertion", "g"),
        ("Es imposible comprobar esa afirmación.", "", "assertion", "g"),
        ("¡Vale, gracias!", "", "none", ""),
        ("La fuente está en medio de la plaza.", "", "assertion", ""),
    ],
    "ar": [
        ("الناس يركبون الحافلات أقل لأن الأسعار مرتفعة جدا.", "supports", "reasoning", ""),
        ("الأسعار لا علاقة لها بالأمر.", "opposes", "assertion", ""),
        ("ليس بسبب الأسعار، بل بسبب المواعيد.", "opposes", "reasoning", ""),
        ("الأسعار ليست السبب.", "opposes", "reasoning", ""),
        ("ليست الأسعار وحدها المزعجة، بل الضجيج أيضا.", "supports", "assertion", ""),
        ("لا أعتقد أن الأسعار حاسمة.", "opposes", "assertion", "h"),
        ("يقول البعض إن الأسعار مرتفعة أكثر من اللازم.", "raises", "assertion", ""),
        ("يقال إن السعر هو العائق، لكن العائق في الواقع هو المواعيد.", "raises", "assertion", ""),
        ("هل المشكلة في الأسعار؟", "raises", "none", ""),
        ("أليس السعر هو العائق ببساطة؟", "supports", "assertion", ""),
        ("العائق هو السعر، أليس كذلك؟", "supports", "assertion", ""),
        ("السؤال هو ما إذا كانت الأسعار تؤثر.", "raises", "assertion", ""),
        ("أن تكون الأسعار هي ما أبعد الزبائن، فهذا ما لا أصدقه.", "opposes", "assertion", ""),
        ("لا شيء يدل على أن الأسعار تنفر العائلات.", "opposes", "assertion", ""),
        ("بلا شك، سعر التذكرة ينفر العائلات.", "supports", "assertion", ""),
        ("بدلا من الأسعار ينبغي مراجعة المواعيد.", "opposes", "assertion", ""),
        ("أشك في أن السعر مهم.", "opposes", "assertion", "h"),
        ("لا توجد أدلة على أن الأسعار تطرد أحدا.", "opposes", "assertion", "g"),
        ("تراجع عدد الركاب بنسبة ١٢٪ خلال سنة.", "", "statistic", ""),
        ("ثمن الاشتراك 365 يورو.", "", "statistic", ""),
        ("يبين ذلك بالتفصيل كتاب (حداد وسالم، 2019).", "", "cited", ""),
        ("كل شيء مشروح في https://example.org/report بالتفصيل.", "", "cited", ""),
        ("عملت عشرين سنة في مخبز.", "", "testimony", ""),
        ("من تجربتي لا أحد يقرأ الملصقات.", "", "testimony", ""),
        ("أعلنت رئيسة البلدية أن الأشغال ستبدأ قريبا.", "", "attributed", ""),
        ("وفقا لهيئة النقل تصل القطارات في موعدها.", "", "attributed", ""),
        ("ألغت المدينة ثلاثة خطوط في الخريف.", "", "observation", ""),
        ("أُغلِقَت آخر دار سينما في البلدة عام 2021.", "", "observation", ""),
        ("إذا مرت الحافلات أكثر، فسيركبها الناس.", "", "reasoning", "h"),
        ("هذا يشبه ما جرى مع كبائن الهاتف.", "", "reasoning", ""),
        ("ربما يعجب الشعار الجديد الشباب.", "", "assertion", "h"),
        ("قد تكون المدرسة هي المقصودة.", "", "assertion", "h"),
        ("المدرسة جميلة ومضيئة.", "", "assertion", ""),
        ("شكرا جزيلا على هذا التوضيح!", "", "none", ""),
        ("صباح الخير جميعا!", "", "none", ""),
        ("متى يصل القطار القادم؟", "", "none", ""),
        ("تنقصنا أرقام موثوقة في هذا الشأن.", "", "assertion", "g"),
        ("لا أحد يعرف كم دراجة تُسرق.", "", "assertion", "g"),
        ("هل لدى أحدكم مصدر لهذا القول؟", "", "none", "g"),
        ("هذه هي الأرقام من الأرشيف.", "", "assertion", ""),
        ("في النهاية السعر هو ما يحسم الأمر.", "supports", "reasoning", ""),
        ("السعر لا يفسر هذا التراجع.", "opposes", "assertion", ""),
        ("لا الأسعار ولا الطقس يثنيان أحدا.", "opposes", "assertion", ""),
        ("ليست الأسعار هي ما يزعج الناس.", "opposes", "assertion", ""),
        ("السعر لا يلعب أي دور عند الموظفين.", "opposes", "assertion", ""),
        ("يُزعم أن الأسعار هي المذنبة.", "raises", "assertion", ""),
        ("لماذا لا يتحدث أحد عن الأسعار؟", "raises", "none", ""),
        ("القول إن الأسعار هي السبب كلام فارغ.", "opposes", "reasoning", ""),
        ("لا عجب مع أسعار كهذه.", "supports", "assertion", ""),
        ("العائق هو السعر ولا شيء غيره.", "supports", "assertion", ""),
        ("ثلاثة من كل أربعة مشاركين راضون.", "", "statistic", ""),
        ("انظر المادة 12 من قانون النقل.", "", "cited", ""),
        ("أخبرتني جارتي أن الدكان سيغلق.", "", "testimony", ""),
        ("صرّح المتحدث باسم المصنع: «نواصل البناء».", "", "attributed", ""),
        ("في مايو 2022 أغلقت البلدية الجسر أمام السيارات.", "", "observation", ""),
        ("كلما كبرت الحديقة زادت الطيور فيها.", "", "reasoning", ""),
        ("لعل الصيف كان جافا جدا.", "", "assertion", "h"),
        ("على حد علمي البيت ملك للكنيسة.", "", "assertion", "h"),
        ("لا توجد دراسات جادة في هذا الموضوع.", "", "assertion", "g"),
        ("يستحيل التحقق من هذا الادعاء.", "", "assertion", "g"),
        ("حسنا، شكرا!", "", "none", ""),
        ("النافورة في وسط الساحة.", "", "assertion", ""),
    ],
}


@pytest.mark.parametrize("language", TABLES)
def test_sentences_written_for_it_are_read_right(language: str) -> None:
    rows = TABLES[language]
    coded = read([row[0] for row in rows], [language] * len(rows), codebook(price=_PRICES))
    found = pd.DataFrame({"stance": [said.get("price", "") for said in stances(coded, len(rows))]})
    found = found.join(coded.traits[["kind", "hedged", "gap"]].reset_index(drop=True))
    expected = pd.DataFrame([row[1:3] for row in rows], columns=["stance", "kind"])
    expected = expected.assign(hedged=["h" in row[3] for row in rows], gap=["g" in row[3] for row in rows])
    right = found == expected
    wrong = [row[0] for row, is_right in zip(rows, right.all(axis=1), strict=True) if not is_right]
    assert right.to_numpy().mean() >= _RIGHT, wrong
