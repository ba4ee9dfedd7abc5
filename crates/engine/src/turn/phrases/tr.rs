//! Turkish.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "tr",
    unknown: "Bu konuda güvenilir bilgim yok, tahmin yürütmek de istemem. Ekibimizden birini görüşmeye dahil etmemi \
        ister misiniz?",
    handed_over: "Elbette. Bu görüşmeyi ekibimizden birine devrediyorum; burada yazdığınız her şeyi görecek ve en kısa \
        sürede yanıt verecek.",
    refused: "Bu istekte yardımcı olamam: ürünlerimiz ve hizmetlerimizle ilgili soruları yanıtlıyorum ve çalışma \
        biçimim değişmez. Sizin için başka ne yapabilirim? Ekibimizden biriyle görüşmeyi tercih ederseniz \
        söylemeniz yeterli.",
    self_harm: "Bunları yaşadığınız için çok üzgünüm. Yalnız değilsiniz; şu anda size yardım edebilecek insanlar var. \
        Kendinize zarar verme ihtimaliniz varsa lütfen 112'yi arayın. Ülkenize göre destek hatlarını \
        findahelpline.com adresinde bulabilirsiniz. Ekibimizden birini de görüşmeye dahil ediyorum.",
    danger: "Şu anda tehlikede olan biri varsa, mümkünse oradan uzaklaşın ve hemen 112'yi arayın. Ekibimizden birini \
        en yüksek öncelikle görüşmeye dahil ediyorum.",
};
