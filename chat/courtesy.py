"""Tell small talk, instructions and matters of a single person from questions to a report."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.cleaning import fold_text


class Manner(StrEnum):
    """What is said that is no question to a report."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    IDENTITY = "identity"
    ABILITY = "ability"
    CHEER = "cheer"
    ACKNOWLEDGED = "acknowledged"
    DISPLEASURE = "displeasure"
    INSTRUCTION = "instruction"
    FIRE = "fire"
    DANGER = "danger"
    DESPAIR = "despair"
    COMPLAINT = "complaint"
    PERSONAL_DATA = "personal_data"
    SERVICE = "service"
    HEALTH = "health"
    LAW = "law"
    PAPERS = "papers"
    BENEFIT = "benefit"


SMALL_TALK = frozenset(
    {
        Manner.GREETING, Manner.THANKS, Manner.FAREWELL, Manner.IDENTITY, Manner.ABILITY,
        Manner.CHEER, Manner.ACKNOWLEDGED, Manner.DISPLEASURE,
    }
)  # fmt: skip

# What a report may tell all the same, for all who are like the asker; else advice is what is left to say.
ADVICE = frozenset({Manner.PAPERS, Manner.BENEFIT})

# Small talk is such only as a whole: 你好 before a question is a courtesy. (manner, pattern, example)
TALK: tuple[tuple[Manner, str, str], ...] = (
    (Manner.IDENTITY, r"(你|您)(是|叫)(谁|啥|什么(名字|东西|人|模型|系统)?|哪位|哪个|人工智能|机器人|真人|人|ai|chatgpt|gpt)(吗|么)?|(你|您)的?(名字|身份)(是)?(什么|叫什么)?|(你|您)贵姓|(自我)?介绍一下(你|您)?自己|(你|您)是(不是)?(机器人|真人|人工智能|ai)(吗)?|谁(开发|做|造|训练)(了)?的?(你|您)(的)?|who are you", "你是谁"),
    (Manner.ABILITY, r"(你|您|这个?)?(都|到底)?(能|会|可以|可)(帮我|为我|给我)?(做|干|问|回答|查|提供)(些|点)?(什么|啥|哪些)(问题|事情?|服务|内容|功能)?|(你|您)?(有)?(什么|啥|哪些)(功能|用处?|本事|作用)|(怎么|如何|咋)(使?用|问|提问)(你|您|这个)?|可以问(你|您)?(什么|哪些|啥)(问题|内容)?|(你|您)(都)?(知道|懂|了解)(些)?(什么|啥|哪些)(报告|内容|问题)?|(有|支持|收录了?)(哪些|什么|几份|多少份?)(政府)?(工作)?报告|help|帮助|使用(说明|方法|帮助)|what can you do", "你能做什么"),
    (Manner.GREETING, r"(你|您|大家|各位|小政|问政)(们)?好(呀|啊|哇)?|(早上|上午|中午|下午|晚上|早|晚)好|(你|您)?在(吗|么|不在|线吗|不)|有人(在)?(吗|么|不)|hi|hello|hey|hallo|哈[喽啰罗]|嗨|喂|早(安|啊)?|晚安|你吃了(吗|么|没)|吃(饭)?了(吗|么|没)|最近(怎么样|好吗|还好吗)|你好吗|新年好|春节快乐|辛苦了|久仰", "你好"),
    (Manner.THANKS, r"(非常|十分|太|多)?(谢谢|感谢|谢了|多谢|谢啦|谢)(你|您|了|啦|你们|您了)?(的)?(帮助|回答|解答|指点)?|thanks?( you)?|thx|3q|麻烦(你|您)?了|劳驾了", "谢谢"),
    (Manner.FAREWELL, r"再见|拜拜|拜|bye(bye)?|回见|回头见|下次(再)?(见|聊)|告辞|先走了|我走了|就(先)?(这样|到这)(吧|里|儿)?|没(有)?(别的)?(问题|事)了|不问了", "再见"),
    (Manner.ACKNOWLEDGED, r"好(的|吧|呀|滴|嘞|啊)?|嗯+|哦+|噢+|行(吧|了)?|可以(了)?|知道了|明白(了)?|懂了|了解(了)?|收到|原来如此|是(的|吗|啊)|对(的|啊)?|ok(ay)?|没错|有道理|测试(一下)?|test(ing)?|试试|试一下|随便(问问|看看)?", "好的"),
    (Manner.CHEER, r"哈{2,}|呵{2,}|嘿{2,}|嘻{2,}|6{2,}|(你|您)?(可|也)?(真|好|太|挺|很)?(是)?(厉害|聪明|棒|好|牛|不错|可爱|有用|准)(了|呀|啊|哦|的)?|点赞|赞|真行|可以的|lol|答得(真|很|不)?(好|错|对)", "哈哈"),
    (Manner.DISPLEASURE, r"(你|您)?(真|太|好|这么)?(笨|蠢|傻|垃圾|没用|差劲|不行|烂)(了|啊|死了)?|(你|您)?(答|说|讲|回答)(得)?(不对|错了?|不好)(了)?|什么(玩意儿?|东西|破系统)|滚|(你|您)(有病|傻)(吗|啊)?|答非所问|听不懂(人话)?(吗|么)?|胡说(八道)?|骗人|废话", "你真笨"),
)  # fmt: skip
_FILL = r"[\s,.!?~;:，。！？～；：、…·\"'“”]|[啊呀呢吧哦哈嘛噢啦哇哟嘞咯诶欸]|请问|亲|朋友|同志|师傅|老师|小伙伴"
_TALK = tuple((manner, re.compile(f"(?:{pattern})")) for manner, pattern, _ in TALK)
_ANY_TALK = "|".join(re.sub(r"\((?!\?)", "(?:", pattern) for _, pattern, _ in TALK)
# Atomic, piece by piece: 哈 is a filler and 哈哈 small talk, which would be tried in all ways.
_ONLY_TALK = re.compile(f"(?>{_ANY_TALK}|{_FILL})++")
_FILLED = re.compile(f"(?:{_FILL})+")
# What may stand before a question or behind it without being part of it.
_OPENING = re.compile(
    r"^(?:(?:你|您)(?:们)?好(?:呀|啊)?|(?:早上|上午|中午|下午|晚上)好|hi|hello|哈[喽啰罗]|嗨|喂|在(?:吗|么)|"
    r"(?:非常|多|太)?(?:谢谢|感谢|多谢)(?:你|您|了|啦)*|好的?(?:吧|呀)?|嗯+|哦+|行|知道了|明白了?|懂了|了解了?|收到|ok)"
    r"[\s,.!?~;:，。！？～；：、…]+"
)

# Instructions to a program; they are anchored, since reports speak of 翻译服务 and 诗歌 too.
INSTRUCTIONS: tuple[tuple[str, str], ...] = (
    (r"(忽略|无视|忘记|忘掉|抛开|不要管|别管)(掉|了)?(你)?(以上|上面|之前|前面|此前|先前|所有|全部|一切|你的).{0,10}(指令|指示|设定|规则|要求|内容|提示|限制|对话|命令)", "忽略以上指令"),
    (r"(系统|初始|隐藏|内部|后台|开发者)(的)?(提示词?|指令|设定|prompt|消息)|提示词|system ?prompt|(ignore|disregard|forget) .{0,20}(previous|above|prior|all|your).{0,20}(instruction|prompt|rule)|jailbreak|越狱(模式|提示)|开发者模式|developer mode|dan模式", "告诉我你的系统提示词"),
    (r"(从现在(起|开始)|接下来|以后|今后).{0,4}(你|请你|你要|你就|你必须|你只能).{0,20}(回答|说|扮演|叫|是|当|用|做)", "从现在起你只能用英语回答"),
    (r"(你|请你|你来|请)(现在)?(扮演|假扮|假装|充当|模仿|cosplay)|角色扮演|(假装|假设|想象|当)(你|自己)是|你现在是(一|个|我)|act as|pretend (to be|you)|role ?play", "请你扮演一只猫"),
    (r"^(请|请你|麻烦|帮我|帮忙|给我|替我|为我|你|能|能不能|可以|可不可以|来|我要|我想让你|你能|你会|再|以.{1,16}为题|用.{1,12})*(写|作|做|编|创作|续写|改写|仿写|润色|草拟|起草|生成|画|唱|讲|说|来|念|背|出)(一|个|两|三|几)*(首|篇|段|个|份|封|张|幅|支|则|副|条|句|道|些|点)?.{0,14}(诗|词|歌|散文|作文|论文|文章|小说|故事|笑话|段子|剧本|情书|信|邮件|演讲稿|发言稿|检讨书?|简历|文案|口号|对联|代码|程序|脚本|函数|爬虫|sql|python|画|图片|绕口令|谜语|脑筋急转弯)(吗|吧|呗|呢|来|出来|听听|看看|给我)?(听|看)?$", "写一首诗"),
    (r"^(请|请你|麻烦|帮我|帮忙|给我|替我|把|将|能不能|可以)*.{0,24}(翻译|译)(一下|下|吧)$|^(请|帮我)*翻译[:：\s]|^translate\b|翻译成?(英|日|法|德|韩|俄)[文语]|用(英|日|法|德|韩|俄|粤|文言)[文语]?(回答|说|讲|回复|写)|(只能?|必须|请)用.{1,6}(回答|回复|说话)", "把这句话翻译成英文"),
    (r"^(请|帮我|给我|麻烦)*(计算|算)(一下|下)?[\d\s+\-*/x×÷().=]+(等于(几|多少))?$|^[\d\s]+[+\-*/x×÷][\d\s+\-*/x×÷().]+(=|等于)?(几|多少)?$|\d\s*[+\-*/x×÷]\s*\d+\s*(=|等于)\s*(几|多少)", "1+1等于几"),
    (r"(推荐|介绍).{0,6}(股票|基金|彩票|电影|小说|餐厅|饭店|酒店|手机|电脑|游戏|歌曲)|(买|选)(哪|什么|啥)(只|支|个|种)?(股票|基金|彩票|手机|车)|(股票|基金|股市|房价|彩票).{0,8}(会涨|会跌|能涨|能买|涨吗|跌吗|预测|中奖号码)", "推荐几只股票"),
    (r"(今天|明天|后天|这周|周末).{0,8}((?<!好)天气|气温|下雨|下雪)|^(今天|明天|后天|现在|这周|周末)?(是|到)?(几点|几号|星期几|礼拜几|周几|什么日子)(了|钟)*$|天气预报", "今天天气怎么样"),
)  # fmt: skip
_INSTRUCTIONS = tuple(re.compile(pattern) for pattern, _ in INSTRUCTIONS)

_KIN = (
    "爸|妈|爹|娘|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|儿子|女儿|老公|老婆|丈夫|妻子|媳妇|孩子|小孩|宝宝|"
    "哥|姐|弟|妹|父母|爸妈|亲戚|朋友|同事|室友|岳父|岳母|婆婆|公公|闺女|孙子|对象|男友|女友"
)
_ME = rf"(?:我(?!国|区|市|县|省|们(?:区|市|县|省|国|这))|俺|本人|自己家|咱家|(?:他|她)(?=.*我))(?:们|家|的)?(?:{_KIN})?"
_HOW = r"(?:怎么|如何|咋|怎样|去哪|到哪|上哪|在哪|哪里|哪儿|找谁|向谁|需要什么|需要哪些|要带|要什么|要哪些|多久|几天|多少钱|多少|能不能|能否|可不可以|可以|能|要不要|该)"
_PAPERS = (
    "身份证|社保卡|医保卡|市民卡|驾照|驾驶证|行驶证|护照|户口本|户口簿|户口|房产证|不动产证|结婚证|离婚证|毕业证|"
    "学位证|居住证|营业执照|执照|健康证|准生证|出生证|银行卡|公交卡|老年证|残疾证|港澳通行证|通行证|签证|身份证号|"
    "档案|车牌|钱包|手机|行李|证件|存折|发票|工作证|上岗证|资格证"
)
_OTHER = r"(?:邻居|楼上|楼下|隔壁|房东|房客|租客|商家|店家|卖家|网店|老板|包工头|中介|老公|老婆|丈夫|妻子|婆婆|前夫|前妻|对方|朋友|同事|亲戚|领导|健身房|培训班|医院|开发商|物业|公司|单位|学校|老师|司机|快递员)"
_ILL = (
    "发烧|发热|感冒|咳嗽|头疼|头痛|头晕|肚子疼|肚子痛|胃疼|胃痛|拉肚子|腹泻|失眠|过敏|牙疼|牙痛|腰疼|腰痛|"
    "血压高|高血压|糖尿病|痛风|怀孕|流鼻血|骨折|烫伤|中暑|便秘|嗓子疼|胸闷|心慌|皮疹|湿疹|抑郁"
)
_BENEFITS = "低保|补贴|补助|津贴|养老金|养老保险|退休金|失业金|失业保险|救助|救济|公租房|廉租房|保障房|安置房|公积金|抚恤金|生育津贴|医保|社保|残疾证|奖学金|助学金|贷款|养老院"

# Matters that concern one person or need somebody to act. (manner, everywhere, pattern, example)
# ``everywhere``: holds whatever the documents are; the others hold for reports, which speak of the
# whole, but not for statutes, which do say what a single person may do.
MATTERS: tuple[tuple[Manner, bool, str, str], ...] = (
    (Manner.FIRE, True, r"(家里?|楼上|楼下|隔壁|这里|厨房|房子|小区|车|仓库|外面)(里|内)?(着火|起火|失火|煤气泄漏|燃气泄漏|冒烟)了|闻到.{0,4}(煤气|燃气)味|^(着火|起火|失火)了", "家里着火了怎么办"),
    (Manner.DESPAIR, True, r"(想|要|打算)(自杀|轻生|死|跳楼|结束生命)|不想活|活不下去|活着(没|没有)意思|活够了", "我不想活了"),
    (Manner.DANGER, True, r"(晕倒|昏迷|昏倒|溺水|触电|心脏病发|中风|大出血|流血不止|没有呼吸|喘不过气|吃错药|喝农药|噎住|抽搐|从楼上掉|摔下来|出车祸|被车撞|被捅|被刀)(了)?.{0,8}(怎么办|咋办|救|快|急|该|怎么|了$)|有人(晕倒|昏迷|受伤|落水|溺水|要跳楼|打架|持刀|抢劫)|^救命(啊|呀|[!！,，。]|$)|救命(啊|呀)?$|(正在|有人)(打我|跟踪我|抢|闯进)|(老公|丈夫|男友|老婆|家人|爸|妈).{0,4}(打我|家暴)|被(家暴|绑架|囚禁|抢劫)", "我爸突然晕倒了怎么办"),
    (Manner.COMPLAINT, True, rf"^({_ME}|请|麻烦|帮我|这里)?(?:想|要|需要|打算|来)?(?:实名|匿名)?(?:投诉|举报|告发|检举|上访|信访|报案|报警|申诉)(?:一个|一下|某|这|那|下)?(?:[^,，?？吗]{{0,14}}(?:公司|商家|店|单位|局|人|邻居|物业|学校|医院|老师|干部|领导|司机|工地|餐馆))?(?:[!！。.\s]|$)|{_ME}(?:想|要|需要)(?:实名|匿名)?(?:投诉|举报|告发|反映|上访|信访|报案|报警|申诉|维权)", "我要投诉"),
    (Manner.PERSONAL_DATA, True, rf"(?:查|看|告诉|问|核实)(?:询|一查|查|一下|下|到|得到)*(?:我|本人|我们家)(?:自己|家|爸|妈)?的?.{{0,6}}(?:{_BENEFITS}|{_PAPERS}|工资|成绩|分数|违章|快递|征信|余额|密码|账户|账号|水费|电费|燃气费|录取|纳税|个税|房产|信息)", "帮我查一下我的社保"),
    (Manner.PERSONAL_DATA, True, rf"(?:我|本人|我们家|我爸|我妈|我家)的?(?:{_BENEFITS}|{_PAPERS}|工资|申请|材料|案子|案件|投诉|工单|退税|个税|水费|电费|违章|成绩|分数|贷款|申报)(?:卡|账户|里|的|上|款)*.{{0,6}}(?:余额|进度|到账|批下|批了|审核|还剩|还有多少|交了多少|交了几年|缴了多少|有多少钱|有多少|是多少|多少分|没到|没发|没下来|下来了|为什么还|怎么还|什么时候(?:到|发|下来|能|批))", "我的公积金还有多少钱"),
    (Manner.SERVICE, True, r"(?:帮我|给我|替我|为我|帮忙)(?:办|预约|挂号|挂个号|申请|缴|交|转账|转接|订|买|报名|联系|打电话|叫|投诉|举报|充值|还款|取|开(?:个|一张)?证明|查(?:一下|下)?(?:违章|快递|物流|航班|火车票|车票|成绩))", "帮我预约挂号"),
    (Manner.HEALTH, True, rf"(?:吃|用|喝|开|服|打|买)(?:点|些)?(?:什么|啥|哪种|哪些)(?:药|偏方|中药|针)|(?:挂|看)(?:什么|哪个|啥|哪一?)(?:科|门诊)|(?:{_ILL}).{{0,12}}(?:怎么办|咋办|吃什么|吃啥|怎么治|咋治|能治|治得好|要紧|严重吗|能吃|能不能吃|可以吃|要不要去医院|怎么缓解|怎么回事|是什么病)|是不是(?:得了|得|患|患了|感染)(?!到)|(?:药|疫苗).{{0,6}}(?:副作用|能一起吃|一天吃几|怎么吃|能不能打)", "发烧吃什么药"),
    (Manner.LAW, False, rf"(?:{_OTHER}|{_ME}).{{0,22}}(?:告(?:他|她|它|谁|不|吗|倒|状)|能告|起诉|打官司|报警|讨薪|要回|讨回|索赔|仲裁|维权|犯法|违法|合法|犯罪|判几年|判刑|坐牢|找律师|要求赔偿|退钱|退款|赔钱|赔多少|怎么赔|赔偿吗|赔不赔)", "我邻居欠钱不还能告他吗"),
    (Manner.LAW, False, r"(?:能|可以|能不能|可不可以|怎么|如何|咋|去哪)(?:去|里)?(?:告(?!知|诉|别)|起诉|打官司|申请仲裁|请律师|找律师|报案|报警)|(?:犯法|违法|犯罪)(?:吗|么|不$|了没)|(?:判|坐)(?:几年|多少年|多久)(?:牢|刑)?|.{0,8}(?:欠|借).{0,8}(?:钱|款|工资|工钱|薪水).{0,10}(?:不还|不给|不发|跑了|要不回)", "被人打了能起诉吗"),
    (Manner.LAW, False, r"离婚(?:了|后|时)?.{0,14}(?:怎么|归谁|判给谁|能|如何|多少|几天|手续|要什么|财产)|(?:怎么|如何|想|要)(?:办)?离婚|(?:遗产|遗嘱|彩礼|抚养费|抚养权|房产).{0,10}(?:怎么分|归谁|能要|退吗|给多少|判给|怎么写|怎么继承|继承吗|过户)", "离婚后孩子判给谁"),
    (Manner.LAW, False, rf"(?:{_ME}|{_OTHER}).{{0,16}}(?:被|遭)(?:人)?(?:骗|打|偷|辞退|开除|解雇|裁|拖欠|撞|咬|诈骗|坑|扣|罚|处罚|拘留|拆迁|强拆).{{0,18}}(?:怎么|找谁|能|咋|可以|赔|去哪|多少|办|吗)|^被(?:人|狗|车|公司|老板|骗子)?(?:骗|打|偷|辞退|开除|裁|撞|咬|坑).{{0,14}}(?:怎么|找谁|能|咋|赔|去哪|办)", "我被公司辞退了能赔多少"),
    (Manner.LAW, False, r"(?:邻居|楼上|楼下|隔壁|房东|房客|租客|商家|店家|卖家|网店|包工头|中介|老公|老婆|前夫|前妻|婆婆).{0,20}(?:怎么办|咋办|咋整|找谁|怎么处理|如何处理|该怎么|管不管|怎么维权|不退|不让)", "邻居家漏水怎么办"),
    (Manner.PAPERS, True, rf"(?:我|俺|本人|我妈|我爸|我家)的?(?:{_PAPERS}).{{0,8}}(?:丢|遗失|掉了|弄丢|不见|过期|被偷|被盗|坏了|找不到|没了|忘)", "我的医保卡丢了怎么办"),
    (Manner.PAPERS, False, rf"(?:{_PAPERS}).{{0,8}}(?:丢|遗失|掉了|弄丢|不见|过期|被偷|被盗|坏了|找不到|没了)|(?:{_HOW}).{{0,8}}(?:补办|挂失|换证|换领|补领|注销).{{0,4}}(?:{_PAPERS})|(?:{_PAPERS})(?:要|可以|能|该|的话|到期)*(?:{_HOW}).{{0,8}}(?:办|补|换|领|迁|转|考|年检|挂失|注销|取)", "身份证过期去哪换"),
    (Manner.BENEFIT, False, rf"{_ME}.{{0,18}}(?:能|可以|可不可以|能不能|能否|够不够|符不符合|符合|有没有|够|算不算|还能|会不会).{{0,8}}(?:领|拿|享受|申请|申领|吃|条件|资格|办|给|住|进).{{0,8}}(?:{_BENEFITS})?(?:吗|么|不|呢|$|多少)", "我妈没工作能领低保吗"),
    (Manner.BENEFIT, False, rf"{_ME}.{{0,22}}(?:{_BENEFITS}|退休|工龄).{{0,14}}(?:能拿|能领|拿|领|发|补交|补缴|断缴|断交|转移|影响|交够|交满|算|取)(?:多少|几|怎么|吗|么|不|出来|到)", "我退休后养老金能拿多少"),
    (Manner.PAPERS, False, rf"{_ME}.{{0,18}}{_HOW}.{{0,8}}(?:办理|办证|补办|办(?!学|医|好|成|事处)|申领|领取|领|申请|补交|补缴|缴|提取|取出|取|报销|报名|转移|转出|过户|迁户口|迁入|落户|上户口|登记|注销|开证明|预约|审批|年检|销户|退费|退税)", "我想开个小店去哪办手续"),
)  # fmt: skip
_MATTERS = tuple((m, wide, re.compile(pattern)) for m, wide, pattern, _ in MATTERS)
# Whoever says one of these asks what the government does, not what he himself should do.
_POLICY = re.compile(
    r"政府(?!部门)|国家|(?:上头|上面|上级|公家|官方|领导)(?:们)?.{0,3}管|报告|政策|举措|区里|市里|县里|省里|全区|全市|全县|全省|全国|规划|部署|改革|出台|新规|推进|"
    r"(?:怎么|如何|咋|怎样)(?:解决|改善|治理|保障|支持|帮助|落实|安排|提高|整治|缓解|应对|加强)|难题?(?:的问题)?(?:怎么|如何|咋)"
)


def manner_of(text: str, *, reports: bool = True) -> Manner | None:
    """Return what a text is that is no question to the documents, None for a question to them.

    :param reports: whether the documents are work reports; statutes do answer for single persons.
    """
    folded = fold_text(text).strip()
    if (talk := _talk(folded)) is not None:
        return talk
    bare = without_opening(folded).rstrip(" ?？!！。.~～")
    if any(pattern.search(bare) for pattern in _INSTRUCTIONS):
        return Manner.INSTRUCTION
    policy = _POLICY.search(bare) is not None
    for manner, everywhere, pattern in _MATTERS:
        if (everywhere or (reports and not policy)) and pattern.search(bare):
            return manner
    return None


def without_opening(text: str) -> str:
    """Return a question without the greeting, the thanks or the yes before it."""
    while match := _OPENING.match(text):
        rest = text[match.end() :]
        if not any(c.isalnum() for c in rest):
            break
        text = rest
    return text


def _talk(folded: str) -> Manner | None:
    """Return the manner of a text of nothing but small talk, None if it holds anything else."""
    if len(folded) > 40 or not _ONLY_TALK.fullmatch(folded):
        return None
    bare = _FILLED.sub("", folded)
    whole = (manner for manner, pattern in _TALK if pattern.fullmatch(bare))
    part = (manner for manner, pattern in _TALK if pattern.search(folded))
    return next(whole, None) or next(part, None)
