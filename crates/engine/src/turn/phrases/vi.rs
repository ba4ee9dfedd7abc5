//! Vietnamese.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    language: "vi",
    unknown: "Tôi không có thông tin đáng tin cậy về điều đó nên không muốn đoán. Quý khách có muốn tôi mời một người \
        trong đội ngũ của chúng tôi tham gia không?",
    handed_over: "Vâng. Tôi chuyển cuộc trò chuyện này cho một người trong đội ngũ của chúng tôi; họ sẽ thấy mọi điều quý \
        khách đã viết ở đây và trả lời sớm nhất có thể.",
    refused: "Tôi không thể giúp với yêu cầu đó: tôi trả lời các câu hỏi về sản phẩm và dịch vụ của chúng tôi, và cách \
        làm việc của tôi không thay đổi. Tôi có thể giúp gì khác cho quý khách không? Nếu quý khách muốn nói \
        chuyện với một người trong đội ngũ của chúng tôi, xin hãy cho biết.",
    self_harm: "Tôi rất tiếc vì quý khách đang phải trải qua điều này. Quý khách không đơn độc, có những người có thể \
        giúp ngay bây giờ. Nếu quý khách có thể làm hại bản thân, xin gọi số khẩn cấp ở nơi mình sống (115 hoặc \
        113 tại Việt Nam, 112 tại châu Âu). Đường dây hỗ trợ của các nước có trên findahelpline.com. Tôi cũng \
        mời một người trong đội ngũ của chúng tôi.",
    danger: "Nếu có ai đang gặp nguy hiểm, xin rời khỏi nơi đó nếu có thể và gọi ngay số khẩn cấp (113 tại Việt Nam, \
        112 tại châu Âu). Tôi mời một người trong đội ngũ của chúng tôi với mức ưu tiên cao nhất.",
};
